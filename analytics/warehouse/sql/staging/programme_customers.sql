-- one row per customer whom a programme touched, or who redeemed or was rewarded, with a number that is quick to group by
create or replace temp table programme_customers as
with spellings as (
    select channel
    from (select distinct channel from touchpoints)
    where lower(trim(channel)) in (select name from programme_names)
),
everybody as (
    select customer_id from touchpoints where channel in (select channel from spellings)
    union
    select customer_id from orders where "trigger" is not null and customer_id is not null
    union
    select referrer_id from referral_edges
    where lower(trim(channel)) in (select name from programme_names)
)
select
    (row_number() over (order by everybody.customer_id))::integer as customer_no,
    everybody.customer_id,
    customers.first_day as first_seen,
    -- contacted, and never seen to buy: a customer from before the data
    case when customers.acquired_source <> 'existing' then customers.first_day end as first_day,
    coalesce(customers.acquired_source, 'existing') as acquired_source,
    customers.segment,
    customers.region,
    customers.acquired_channel,
    dense_rank() over (order by customers.segment, customers.region, customers.acquired_channel)::integer as group_no
from everybody
left join customers on customers.customer_id = everybody.customer_id
