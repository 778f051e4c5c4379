-- grain: one row per cut-off and customer who had ordered in the year before it: what was known then, whether the
-- programme contacted the customer in the two weeks that begin $lead days later, and what was ordered within $days
with
cuts as (
    select unnest($cutoffs::date[]) as cutoff
),

lines as (
    select orders.customer_id, cuts.cutoff, orders.day, orders.amount, orders.margin, orders.recorded_segment
    from orders
    inner join cuts on orders.day >= cuts.cutoff - 365 and orders.day < cuts.cutoff + $days::integer
    where orders.customer_id is not null
        and (hash(orders.customer_id) >> 24) % 65536 < $share  -- an even sample, by bits that a join does not use
),

known as (
    select
        cutoff,
        customer_id,
        count(*) filter (day < cutoff and amount > 0) as orders,
        count(*) filter (day between cutoff - 90 and cutoff - 1 and amount > 0) as orders_lately,
        cast(sum(amount) filter (day < cutoff) as double) as revenue,
        cast(cutoff - max(day) filter (day < cutoff and amount > 0) as double) as recency_days,
        cast(coalesce(sum(margin) filter (day >= cutoff), 0) as double) as margin_given,
        cast(coalesce(sum(amount) filter (day >= cutoff and margin is null), 0) as double) as amount_without_margin,
        count(*) filter (day >= cutoff and margin is null and amount <> 0) as orders_without_margin
    from lines
    group by cutoff, customer_id
    having count(*) filter (day < cutoff and amount > 0) > 0
),

contacted as (
    select distinct cuts.cutoff, touchpoints.customer_id
    from touchpoints
    inner join cuts on touchpoints.touched_at >= cuts.cutoff + $lead::integer
        and touchpoints.touched_at < cuts.cutoff + $lead::integer + 14
    where lower(trim(touchpoints.channel)) = $name and touchpoints.arm is distinct from 'holdout'
),

final as (
    select
        known.*,
        contacted.customer_id is not null as is_contacted,
        customers.segment,
        customers.region,
        customers.acquired_channel,
        cast(known.cutoff - customers.first_day as double) as tenure_days
    from known
    left join contacted on contacted.cutoff = known.cutoff and contacted.customer_id = known.customer_id
    left join customers on customers.customer_id = known.customer_id
)

select * from final
order by cutoff, customer_id
