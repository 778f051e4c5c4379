-- one row per active row of sales and of reorders
create or replace temp view order_lines as
select
    true as in_sales, seq, line, order_id, customer_id, order_date as day, amount, margin, channel,
    null::varchar as trigger, null::decimal(18, 4) as incentive_cost, segment, region, product
from sales_active
union all
select
    false as in_sales, seq, line, order_id, customer_id, order_date as day, amount, margin, channel,
    trigger, incentive_cost, segment, region, product
from reorders_active
