-- grain: one row for all orders (by: all), per source, and per channel that won the customer, else as recorded
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

summed as (
    select
        case when grouping(source) = 0 then 'source' when grouping(channel) = 0 then 'channel' else 'all' end as "by",
        case when grouping(source) = 0 then source when grouping(channel) = 0 then channel end as name,
        count(*) as orders,
        sum(cast(amount as decimal(18, 4))) as revenue,
        quantile_cont(amount, [0.05, 0.25, 0.5, 0.75, 0.95]) as quantiles
    from deals
    group by grouping sets ((), (source), (channel))
),

final as (
    select
        "by",
        name,
        orders,
        cast(revenue as double) as revenue,
        cast(revenue as double) / nullif(orders, 0) as mean,
        quantiles[1] as p5,
        quantiles[2] as p25,
        quantiles[3] as median,
        quantiles[4] as p75,
        quantiles[5] as p95
    from summed
    where orders > 0
)

select * from final
order by "by", orders desc, name nulls last
