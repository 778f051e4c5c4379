-- grain: one row per order above the bound of its source, largest first; found: how many there are in all
with bounds as (
    select unnest($sources::varchar[]) as source, unnest($bounds::double[]) as bound
)
select
    orders.order_id, orders.customer_id, orders.day, orders.amount, orders.source,
    coalesce(orders.acquired_channel, orders.channel) as channel, orders.product,
    count(*) over () as found
from orders
inner join bounds on bounds.source = orders.source
where orders.amount > bounds.bound
    and orders.amount > list_min($bounds::double[])  -- said again, so that most rows are never joined
    and orders.day between $first_day and $last_day
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], orders.segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], orders.region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], orders.acquired_channel))
order by orders.amount desc, orders.order_id, orders.customer_id
limit $most
