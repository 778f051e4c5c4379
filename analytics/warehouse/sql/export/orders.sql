-- one row per order
select * exclude (cohort_no)
from orders
order by day, order_id, customer_id, amount
