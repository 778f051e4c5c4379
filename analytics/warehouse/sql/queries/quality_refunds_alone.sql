-- grain: one row per refund whose order is not there, newest first; found: how many there are in all
with
refunds as materialized (
    select order_id, customer_id, day, amount, source from orders where amount < 0
),

bought as (
    -- of all orders only those that a refund names
    select order_id, customer_id
    from orders
    where amount > 0 and order_id in (select order_id from refunds)
)

select order_id, customer_id, day, amount, source, count(*) over () as found
from refunds
where not exists (
    select 1 from bought
    where bought.order_id = refunds.order_id and bought.customer_id is not distinct from refunds.customer_id
)
order by day desc, order_id, customer_id
limit $most
