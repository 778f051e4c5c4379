-- grain: one row per order far above what is usual, largest first; found: how many there are in all
with
middle as (
    select
        quantile_cont(ln(cast(amount as double)), 0.25) as low,
        quantile_cont(ln(cast(amount as double)), 0.75) as high
    from orders
    where kind = 'order'
)

select
    orders.order_id, orders.customer_id, orders.day, orders.amount, orders.source, orders.product,
    count(*) over () as found
from orders
cross join middle
where orders.kind = 'order'
    and ln(cast(orders.amount as double)) > middle.high + greatest(3 * (middle.high - middle.low), ln(4))
order by orders.amount desc, orders.order_id, orders.customer_id
limit $most
