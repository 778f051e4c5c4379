-- grain: one row per channel or programme as recorded (null: none is) of the orders that end a kind of journey
select
    recorded,
    count(*) filter (ends_here and amount > 0) as conversions,
    coalesce(sum(amount) filter (ends_here), 0) as revenue,
    coalesce(sum(margin) filter (ends_here), 0) as margin_given,
    coalesce(sum(amount) filter (ends_here and margin is null), 0) as amount_without_margin,
    count(*) filter (ends_here and margin is null and amount <> 0) as orders_without_margin,
    coalesce(sum(margin), 0) as value_given,
    coalesce(sum(amount) filter (margin is null), 0) as value_amount_without_margin,
    count(*) filter (margin is null and amount <> 0) as value_orders_without_margin
from journey_orders
where leads_to = $leads_to
    and day between $first_day and $last_day
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
group by recorded
order by conversions desc, recorded nulls last
