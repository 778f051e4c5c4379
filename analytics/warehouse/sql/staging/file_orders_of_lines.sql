-- one row per order (order_id, customer_id, day) and upload: its lines added up
create or replace temp table file_orders as
select
    in_sales,
    seq,
    order_id,
    customer_id,
    day,
    sum(amount)::decimal(18, 4) as amount,
    case when count(margin) = count(*) then sum(margin)::decimal(18, 4) end as margin,
    min(channel) as channel,  -- lines of one order agree; where they don't, their order must not matter
    min(trigger) as trigger,
    sum(incentive_cost)::decimal(18, 4) as incentive_cost,
    min(segment) as segment,
    min(region) as region,
    min(product) as product
from order_lines
group by in_sales, seq, order_id, customer_id, day
