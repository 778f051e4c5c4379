-- one row per acquiring channel, segment, region and first day of customers won and not referred, and whole months since it
create or replace table reorder_months as
with won as (
    select customer_no, acquired_channel as channel, segment, region
    from customers
    where acquired_source = 'new'
)
select
    won.channel,
    won.segment,
    won.region,
    orders.customer_first_day as first_day,
    -- months are counted by their numbers: a calendar function would take as long as all the rest
    12 * (year(orders.day) - year(orders.customer_first_day)) + month(orders.day) - month(orders.customer_first_day)
    - cast(day(orders.day) < day(orders.customer_first_day) as integer) as months_since_first_order,
    coalesce(sum(orders.margin), 0) as margin_given,
    coalesce(sum(orders.amount) filter (orders.margin is null), 0) as amount_without_margin,
    count(*) filter (orders.margin is null and orders.amount <> 0) as orders_without_margin
from orders
inner join won on won.customer_no = orders.customer_no
where orders.source = 'reorder' and orders.acquired_source = 'new'
group by all
