-- one row per day, source, channel (the customer's acquiring one, else as recorded), recorded and acquiring channel, trigger, segment and region
create or replace table revenue_cube as
select
    day,
    source,
    coalesce(acquired_channel, channel) as channel,
    trigger,
    segment,
    region,
    count(*) filter (amount > 0) as orders,
    sum(amount) as revenue,
    sum(margin) as margin,                                          -- of the rows that state one
    coalesce(sum(amount) filter (margin is not null), 0) as margin_revenue,  -- revenue of those rows
    count(margin) as margin_rows,
    sum(incentive_cost) as incentive_cost,
    channel as recorded_channel,
    acquired_channel,
    count(*) as "rows",
    count(*) filter (amount < 0) as refunds,
    coalesce(sum(amount) filter (amount > 0), 0) as order_value,
    count(*) filter (margin is null and amount <> 0) as orders_without_margin
from orders
group by day, source, acquired_channel, orders.channel, trigger, segment, region
