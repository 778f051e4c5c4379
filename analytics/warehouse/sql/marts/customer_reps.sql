-- one row per customer with a sales person: of the first order that names one, else of the first prospect won
create or replace table customer_reps as
with named as (
    select customer_id, order_date as day, true as in_sales, rep_id
    from sales_active
    where rep_id is not null and customer_id is not null and amount > 0
    union all
    select customer_id, order_date as day, false as in_sales, rep_id
    from reorders_active
    where rep_id is not null and customer_id is not null and amount > 0
),
first_named as (
    select customer_id, min(day) as day
    from named
    group by customer_id
),
-- two names on one day: that of sales, then the first one by name
by_order as (
    select
        named.customer_id,
        coalesce(min(named.rep_id) filter (where named.in_sales), min(named.rep_id)) as rep_id
    from named
    inner join first_named on first_named.customer_id = named.customer_id and first_named.day = named.day
    group by named.customer_id
),
first_won as (
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
from by_order
union all
select by_prospect.customer_id, by_prospect.rep_id
from by_prospect
left join by_order on by_order.customer_id = by_prospect.customer_id
where by_order.customer_id is null
