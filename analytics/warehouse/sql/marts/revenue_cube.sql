-- one row per day, source, channel (the customer's acquiring one, else as recorded), trigger, segment and region
create or replace table revenue_cube as
select
    day,
    source,
    coalesce(acquired_channel, channel) as channel,
    trigger,
    segment,
    region,
    count(*) filter (kind = 'order') as orders,
    sum(amount) as revenue,
    sum(margin) as margin,                                          -- of the rows that state one
    coalesce(sum(amount) filter (margin is not null), 0) as margin_revenue,  -- revenue of those rows
    count(margin) as margin_rows,
    sum(incentive_cost) as incentive_cost
from orders
group by all
