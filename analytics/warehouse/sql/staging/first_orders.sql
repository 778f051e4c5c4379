-- one row per customer: its first orders in sales and in reorders, and the newest words on it
create or replace temp table first_orders as
select
    customer_id,
    min(struct_pack(day := day, order_id := order_id, channel := channel))
        filter (in_sales and amount > 0) as first_sale,
    min(day) filter (not in_sales and amount > 0) as first_reorder_day,
    -- an ISO day sorts as text, so day and word need one pass only
    substr(max(case when segment is not null then day::varchar || segment end), 11) as segment,
    substr(max(case when region is not null then day::varchar || region end), 11) as region
from order_facts
where customer_id is not null
group by customer_id
