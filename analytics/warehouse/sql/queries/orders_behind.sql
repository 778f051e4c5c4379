-- grain: one row per order behind a line of the channel table, newest first, as many as asked for
select
    order_id,
    customer_id,
    day,
    amount,
    margin,
    kind,
    source,
    channel,
    "trigger",
    segment,
    region,
    product
from orders
where day between $first_day and $last_day
    and source = $source
    and case when source = 'reorder' then coalesce("trigger", channel) else channel end
        is not distinct from $channel::varchar
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
order by day desc, order_id, customer_id
limit $limit
