-- grain: one row per customer with an arm: what was ordered before and from the first eligible touch of any programme on
select
    arm = 'treated' as is_treated,
    cast(orders_before as integer) as orders_before,
    cast(redeemed_after as double) as redeemed,
    cast(margin_before as double) as margin_before,
    cast(amount_without_margin_before as double) as amount_without_margin_before,
    cast(margin_after as double) as margin_after,
    cast(amount_without_margin_after as double) as amount_without_margin_after,
    orders_without_margin_after > 0 as is_without_margin
from programme_arms
where programme is null
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
order by customer_id
