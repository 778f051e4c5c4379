-- grain: one row per order whose number another customer's order has too; found: how many there are in all
with
shared as (
    select order_id
    from orders
    where kind = 'order'
    group by order_id
    having min(customer_no) <> max(customer_no)  -- counting distinct ones takes three times as long
)

select
    orders.order_id, orders.customer_id, orders.day, orders.amount, orders.source, count(*) over () as found
from orders
join shared on shared.order_id = orders.order_id
order by orders.order_id, orders.day, orders.customer_id
limit $most
