-- one row per customer and month with an order or a refund; months are counted from the year 0
create or replace temp table customer_month as
select
    cohort_customers.customer_no,
    12 * year(orders.day) + month(orders.day) - 1 as month,
    count(*) filter (orders.amount > 0) as orders,
    sum(orders.amount) as revenue,
    sum(orders.margin) as margin_given,
    sum(orders.amount) filter (orders.margin is null) as amount_without_margin,
    count(*) filter (orders.margin is null and orders.amount <> 0) as orders_without_margin
from orders
inner join cohort_customers on cohort_customers.customer_id = orders.customer_id
group by all
