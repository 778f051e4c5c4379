-- grain: one row per customer with an arm, tenure band, time since the first eligible touch and set of open offers
select
    customer_no,
    segment,
    tenure_band,
    age_band,
    open_set,
    treated_set,
    cast(orders_before as integer) as orders_before,
    cast(days as double) as days,
    cast(orders as double) as orders,
    cast(friends as double) as friends,
    cast(margin_given as double) as margin_given,
    cast(amount_without_margin as double) as amount_without_margin,
    cast(orders_without_margin as double) as orders_without_margin
from programme_days
where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
order by customer_no, tenure_band, age_band, open_set
