-- one row per order that stands in sales and in reorders: it is counted once, as the newer upload has it
create or replace temp table shared_orders as
with keyed as (
    select *, coalesce(customer_id, '') as customer_key, sign(amount) as direction
    from file_orders
    where getvariable('sales_and_reorders')
),
from_sales as (
    select
        order_id, customer_key, direction, max(seq) as seq, min(day) as first_day, arg_min(channel, day) as channel
    from keyed
    where in_sales
    group by order_id, customer_key, direction
),
from_reorders as (
    select
        order_id, customer_key, direction, max(seq) as seq, min(day) as first_day, arg_min(trigger, day) as trigger,
        sum(incentive_cost)::decimal(18, 4) as incentive_cost
    from keyed
    where not in_sales
    group by order_id, customer_key, direction
)
select
    order_id,
    customer_key,
    direction,
    from_sales.seq > from_reorders.seq as sales_is_newer,
    case when from_sales.seq > from_reorders.seq then from_sales.first_day else from_reorders.first_day end as first_day,
    channel,
    trigger,
    incentive_cost
from from_sales
join from_reorders using (order_id, customer_key, direction)
