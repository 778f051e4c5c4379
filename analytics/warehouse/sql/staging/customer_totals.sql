-- one row per customer: what its orders add up to, and its first orders in sales and in reorders
create or replace temp table customer_totals as
select
    customer_id,
    min(struct_pack(day := day, order_id := order_id, channel := channel))
        filter (in_sales and amount > 0) as first_sale,
    min(day) filter (not in_sales and amount > 0) as first_reorder_day,
    max(day) filter (amount > 0) as last_day,
    count(*) filter (amount > 0) as orders,
    sum(amount) as revenue,
    sum(margin) as margin,
    sum(amount) filter (margin is not null) as margin_revenue,
    -- the newest word on a customer holds; an ISO day sorts as text, so day and word need one pass only
    substr(max(day::varchar || segment), 11) as segment,
    substr(max(day::varchar || region), 11) as region
from order_facts
where customer_id is not null
group by customer_id
