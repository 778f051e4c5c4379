-- one row per customer
select *
from customers
order by customer_id
