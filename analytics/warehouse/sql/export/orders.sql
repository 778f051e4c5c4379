-- one row per order
select *
from orders
order by day, order_id, customer_id, amount
