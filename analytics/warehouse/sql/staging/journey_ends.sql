-- one row per order, refund and kind of journey that it counts in; person: null where nobody was contacted
create or replace temp table journey_ends as
select contacted.person, journey_orders.*
from journey_orders
left join contacted_customers as contacted on contacted.customer_id = journey_orders.customer_id
where getvariable('has_contacts')  -- without contacts there is nothing to set these orders beside
