-- grain: one row for all orders, per source (dimension 'source') and per channel that won the customer, else as recorded
with
deals as (
    select source, coalesce(acquired_channel, channel) as channel, cast(amount as double) as amount
    from orders
    where amount > 0
        and day between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

final as (
    select
        case when grouping(source) = 0 then 'source' when grouping(channel) = 0 then 'channel' else 'all' end
            as dimension,
        case when grouping(source) = 0 then source when grouping(channel) = 0 then channel end as name,
        count(*) as orders,
        sum(cast(amount as decimal(18, 4))) as revenue,
        unnest(quantile_cont(amount, [0.05, 0.25, 0.5, 0.75, 0.95])) as q
    from deals
    group by grouping sets ((), (source), (channel))
)

select * from final
order by dimension, orders desc, name nulls last
