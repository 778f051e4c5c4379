-- grain: one row per source, channel that won the customer (else as recorded) and class of amounts, 0.5 % wide
select
    source,
    coalesce(acquired_channel, orders.channel) as channel,
    cast(floor(200 * ln(cast(amount as double))) as integer) as class_no,
    count(*) as orders,
    sum(amount) as revenue,
    cast(min(amount) as double) as least,
    cast(max(amount) as double) as most
from orders
where amount > 0
    and day between $first_day and $last_day
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
group by all
order by source, channel nulls last, class_no
