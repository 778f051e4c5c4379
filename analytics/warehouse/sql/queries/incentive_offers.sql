-- grain: one row per programme, segment and tenure band (null: all bands): offers made and redeemed, and their cost
select
    programme,
    name,
    segment,
    tenure_band,
    cast(sum(customers) as double) as customers,
    cast(sum(customers_held_out) as double) as customers_held_out,
    cast(sum(customers_redeemed) as double) as customers_redeemed,
    cast(sum(customers_offered_and_redeemed) as double) as customers_offered_and_redeemed,
    cast(sum(offers) as double) as offers,
    cast(sum(redeemed) as double) as redeemed,
    cast(sum(friends) as double) as friends,
    cast(sum(margin_given) as double) as margin_given,
    cast(sum(amount_without_margin) as double) as amount_without_margin,
    cast(sum(orders_without_margin) as double) as orders_without_margin,
    cast(sum(incentive_cost) as double) as incentive_cost,
    cast(sum(touch_cost + incentive_cost + reward_cost) as double) as direct_cost
from programme_offers
where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
group by all
order by name, segment nulls last, tenure_band nulls last
