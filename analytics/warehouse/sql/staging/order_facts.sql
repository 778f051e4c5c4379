-- one row per order, before its source is known
create or replace temp view order_facts as
select
    entry.order_id,
    entry.customer_id,
    entry.day,
    entry.amount,
    entry.margin,
    entry.in_sales or shared.order_id is not null as in_sales,
    coalesce(entry.channel, shared.channel) as channel,
    coalesce(entry.trigger, shared.trigger) as trigger,
    -- the incentive is paid once, however many days the newer file spreads the order over
    coalesce(
        entry.incentive_cost, case when entry.day = shared.first_day then shared.incentive_cost end
    ) as incentive_cost,
    entry.segment,
    entry.region,
    entry.product
from file_orders as entry
left join shared_orders as shared
    on shared.order_id = entry.order_id
    and shared.customer_key = coalesce(entry.customer_id, '')
    and shared.direction = sign(entry.amount)
where shared.order_id is null or entry.in_sales = shared.sales_is_newer
