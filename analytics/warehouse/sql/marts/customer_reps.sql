-- one row per customer with a sales person: of the first order that names one, else of the first prospect won
create or replace table customer_reps as
with first_won as (
    select customer_id, min(invited_at) as day
    from prospects
    where customer_id is not null and rep_id is not null
    group by customer_id
),
by_prospect as (
    select prospects.customer_id, min(prospects.rep_id) as rep_id
    from prospects
    inner join first_won
        on first_won.customer_id = prospects.customer_id and first_won.day = prospects.invited_at
    group by prospects.customer_id
)
select customer_id, rep_id
from order_reps
union all
select by_prospect.customer_id, by_prospect.rep_id
from by_prospect
anti join order_reps on order_reps.customer_id = by_prospect.customer_id
