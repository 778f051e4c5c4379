-- one row per customer and month with an order or a refund; months are counted from the year 0
create or replace temp table customer_month as
select
    customer_no,
    12 * year(day) + month(day) - 1 as month,
    count(*) filter (amount > 0) as orders,
    sum(amount) as revenue,
    sum(margin) as margin_given,
    sum(amount) filter (margin is null) as amount_without_margin,
    count(*) filter (margin is null and amount <> 0) as orders_without_margin
from orders
where customer_no is not null
group by all
