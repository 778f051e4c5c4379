-- one row per customer with an arm: reorders in the window from the first eligible touch on, friends brought in it, and
-- what was known before that touch
with eligible as (
    select *, greatest(day, $first_day) as begins
    from programme_arms
    where programme is null
        and day <= $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

bought as (
    select
        eligible.customer_id,
        sum(if(orders.day >= begins, orders.margin, null)) as margin_given,
        sum(if(orders.day >= begins and orders.margin is null, orders.amount, null)) as amount_without_margin,
        max(if(orders.day < eligible.day and orders.amount > 0, orders.day, null)) as last_day_before
    from eligible
    inner join orders
        on orders.customer_id = eligible.customer_id
        and orders.day <= $last_day
        and orders.source = 'reorder'  -- no programme for existing customers causes a first order
    group by eligible.customer_id
),

first_orders as (
    select
        orders.customer_id,
        sum(orders.margin) as margin_given,
        sum(if(orders.margin is null, orders.amount, null)) as amount_without_margin
    from eligible
    inner join orders on orders.customer_id = eligible.customer_id
    where orders.source in ('new', 'referral') and orders.day <= eligible.day
    group by orders.customer_id
),

friends as (
    select
        eligible.customer_id,
        count(distinct customers.customer_id) as friends,
        sum(orders.margin) as margin_given,
        sum(if(orders.margin is null, orders.amount, null)) as amount_without_margin
    from eligible
    inner join customers on customers.referrer_id = eligible.customer_id and customers.acquired_source = 'referral'
    inner join orders on orders.customer_id = customers.customer_id
    where customers.first_day between eligible.begins and $last_day and orders.day <= $last_day
    group by eligible.customer_id
)

select
    eligible.arm = 'treated' as treated,
    eligible.begins,
    eligible.segment,
    eligible.region,
    eligible.acquired_channel,
    eligible.acquired_source,
    coalesce(eligible.tenure_days, 0) as tenure_days,
    eligible.orders_before,
    cast(
        eligible.margin_before + eligible.amount_without_margin_before * coalesce($margin_rate::decimal(9, 6), 0) as double
    ) as margin_before,
    coalesce(eligible.day - bought.last_day_before, -1) as silent_days_before,  -- -1: no reorder before
    cast(
        coalesce(first_orders.margin_given, 0)
        + coalesce(first_orders.amount_without_margin, 0) * coalesce($margin_rate::decimal(9, 6), 0) as double
    ) as first_margin,
    cast(
        coalesce(bought.margin_given, 0)
        + coalesce(bought.amount_without_margin, 0) * coalesce($margin_rate::decimal(9, 6), 0) as double
    ) as reorder_margin,
    coalesce(friends.friends, 0) as friends,
    cast(
        coalesce(friends.margin_given, 0)
        + coalesce(friends.amount_without_margin, 0) * coalesce($margin_rate::decimal(9, 6), 0) as double
    ) as friends_margin
from eligible
left join bought on bought.customer_id = eligible.customer_id
left join first_orders on first_orders.customer_id = eligible.customer_id
left join friends on friends.customer_id = eligible.customer_id
order by eligible.customer_id
