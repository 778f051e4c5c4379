-- grain: one row: customers who ordered since a day
select count(*) as customers
from customers
where last_day >= $since
