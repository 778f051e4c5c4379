-- grain: one row: customers with an order, and the orders of which no margin is known
with
final as (
    select
        count(*) filter (orders > 0) as customers,
        coalesce(cast(sum(revenue - coalesce(margin_revenue, 0)) as double), 0) as revenue_without_margin
    from customers
    where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
)

select * from final
