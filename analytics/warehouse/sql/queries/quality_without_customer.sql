-- grain: one row per order without a customer number, newest first; found: how many there are in all
select order_id, day, amount, channel, segment, region, count(*) over () as found
from orders
where customer_id is null
order by day desc, order_id, amount
limit $most
