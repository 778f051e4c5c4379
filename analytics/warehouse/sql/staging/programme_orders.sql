-- one row per order or refund of such a customer, with the programme that it redeemed
create or replace temp table programme_orders as
with spellings as (
    select found."trigger", names.name_no, names.programme_no
    from (select distinct "trigger" from orders where "trigger" is not null) as found
    inner join programme_names as names on names.name = lower(trim(found."trigger"))
)
select
    people.customer_no,
    orders.day,
    orders.amount,
    orders.margin,
    orders.incentive_cost,
    spellings.name_no,
    spellings.programme_no
from orders
inner join programme_customers as people on people.customer_id = orders.customer_id
left join spellings on spellings."trigger" = orders."trigger"
