-- one row per person with an order, a contact or a referral made: a number that is quicker to group by than the id
create or replace temp table funnel_people as
with others as (
    select customer_id from touchpoints where arm is distinct from 'holdout'
    union
    select referrer_id from referral_edges where credited or reward_cost > 0
),
strangers as (
    select others.customer_id
    from others
    anti join customers on customers.customer_id = others.customer_id
    where others.customer_id is not null
)
select
    customer_no as person_no,  -- as in orders
    customer_id,
    acquired_source,
    acquired_channel,
    segment,
    region,
    first_day,
    case when acquired_source in ('new', 'referral') then first_day end as action_day
from customers
union all
select
    cast((select coalesce(max(customer_no), 0) from customers) + row_number() over (order by customer_id) as integer),
    customer_id, null, null, null, null, null, null
from strangers
