-- one row per customer with a contact, and the number that stands for him in journey_contacts
create or replace temp table contacted_customers as
select customer_id, hash(customer_id) as person
from customers
where getvariable('has_contacts') and hash(customer_id) in (select person from journey_contacts)
