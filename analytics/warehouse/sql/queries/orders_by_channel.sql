-- grain: one row per quarter, source of revenue and channel (for a reorder: the trigger, else its channel)
with
orders_in_window as (
    select
        cast(date_trunc('quarter', day) as date) as quarter,
        source,
        case when source = 'reorder' then coalesce("trigger", channel) else channel end as channel,
        kind,
        amount,
        margin
    from orders
    where day between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

final as (
    select
        quarter,
        source,
        channel,
        count(*) filter (kind = 'order') as orders,
        count(*) filter (kind = 'refund') as refunds,
        coalesce(sum(amount) filter (kind = 'order'), 0) as order_value,
        coalesce(sum(amount) filter (kind = 'refund'), 0) as refund_value,
        sum(amount) as revenue,
        coalesce(sum(margin), 0) as margin_given,
        coalesce(sum(amount) filter (margin is not null), 0) as amount_with_margin,
        coalesce(sum(amount) filter (margin is null), 0) as amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as orders_without_margin
    from orders_in_window
    group by all
)

select * from final
order by quarter, source, channel nulls last
