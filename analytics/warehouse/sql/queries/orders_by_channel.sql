-- grain: one row per quarter, source of revenue and channel (for a reorder: the trigger, else its channel)
with
final as (
    select
        cast(date_trunc('quarter', day) as date) as quarter,
        source,
        case when source = 'reorder' then coalesce("trigger", recorded_channel) else recorded_channel end as channel,
        cast(sum(orders) as bigint) as orders,
        cast(sum(refunds) as bigint) as refunds,
        sum(order_value) as order_value,
        sum(revenue - order_value) as refund_value,
        sum(revenue) as revenue,
        coalesce(sum(margin), 0) as margin_given,
        sum(margin_revenue) as amount_with_margin,
        sum(revenue - margin_revenue) as amount_without_margin,
        cast(sum(orders_without_margin) as bigint) as orders_without_margin
    from revenue_cube
    where day between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
    group by all
)

select * from final
order by quarter, source, channel nulls last
