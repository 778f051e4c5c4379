-- one row per customer with an order that names a sales person: that of the first such order
create or replace table order_reps as
with named as (
    select customer_id, order_date as day, true as in_sales, rep_id
    from sales_active
    where rep_id is not null and customer_id is not null and amount > 0
    union all
    select customer_id, order_date as day, false as in_sales, rep_id
    from reorders_active
    where rep_id is not null and customer_id is not null and amount > 0
),
first_named as (
    select customer_id, min(day) as day
    from named
    group by customer_id
)
-- two names on one day: that of sales, then the first one by name
select
    named.customer_id,
    coalesce(min(named.rep_id) filter (where named.in_sales), min(named.rep_id)) as rep_id
from named
inner join first_named on first_named.customer_id = named.customer_id and first_named.day = named.day
group by named.customer_id
