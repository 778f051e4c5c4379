-- one row per customer and programme, and one per customer for any programme (null): arm at the first eligible touch,
-- what was ordered in the 365 days before that day, and from it on
create or replace table programme_arms as
with known as (
    select max(day) as last_day from orders
),
sums as (
    select
        starts.customer_no,
        starts.programme_no,
        count(*) filter (orders.day < starts.day and orders.amount > 0) as orders_before,
        sum(orders.amount) filter (orders.day < starts.day) as revenue_before,
        sum(orders.margin) filter (orders.day < starts.day) as margin_before,
        sum(orders.amount) filter (orders.day < starts.day and orders.margin is null)
            as amount_without_margin_before,
        count(*) filter (orders.day < starts.day and orders.margin is null and orders.amount <> 0)
            as orders_without_margin_before,
        count(*) filter (orders.day >= starts.day and orders.amount > 0) as orders_after,
        sum(orders.amount) filter (orders.day >= starts.day) as revenue_after,
        sum(orders.margin) filter (orders.day >= starts.day) as margin_after,
        sum(orders.amount) filter (orders.day >= starts.day and orders.margin is null)
            as amount_without_margin_after,
        count(*) filter (orders.day >= starts.day and orders.margin is null and orders.amount <> 0)
            as orders_without_margin_after,
        count(*) filter (
            orders.day >= starts.day and orders.amount > 0
            and (orders.programme_no = starts.programme_no or starts.programme_no = -1 and orders.name_no is not null)
        ) as redeemed_after,
        sum(orders.incentive_cost) filter (
            orders.day >= starts.day
            and (orders.programme_no = starts.programme_no or starts.programme_no = -1 and orders.name_no is not null)
        ) as incentive_cost_after
    from programme_orders as orders
    inner join programme_starts as starts
        on starts.customer_no = orders.customer_no and orders.day >= starts.day - 365
    group by starts.customer_no, starts.programme_no
),
rewards as (
    select starts.customer_no, starts.programme_no, sum(edges.reward_cost) as reward_cost_after
    from referral_edges as edges
    inner join programme_customers as people on people.customer_id = edges.referrer_id
    inner join programme_starts as starts
        on starts.customer_no = people.customer_no and edges.referred_at >= starts.day
    left join programme_names as names on names.programme_no = starts.programme_no
    where edges.reward_cost <> 0 and (starts.programme_no = -1 or lower(trim(edges.channel)) = names.name)
    group by starts.customer_no, starts.programme_no
)
select
    people.customer_id,
    names.programme,
    case when starts.is_treated then 'treated' else 'holdout' end as arm,
    starts.day,
    people.segment,
    people.region,
    people.acquired_channel,
    people.acquired_source,
    starts.day - people.first_seen as tenure_days,  -- of an existing customer: since the first order in the data
    coalesce(sums.orders_before, 0) as orders_before,
    coalesce(sums.revenue_before, 0)::decimal(18, 4) as revenue_before,
    coalesce(sums.margin_before, 0)::decimal(18, 4) as margin_before,
    coalesce(sums.amount_without_margin_before, 0)::decimal(18, 4) as amount_without_margin_before,
    coalesce(sums.orders_without_margin_before, 0) as orders_without_margin_before,
    coalesce(sums.orders_after, 0) as orders_after,
    coalesce(sums.revenue_after, 0)::decimal(18, 4) as revenue_after,
    coalesce(sums.margin_after, 0)::decimal(18, 4) as margin_after,
    coalesce(sums.amount_without_margin_after, 0)::decimal(18, 4) as amount_without_margin_after,
    coalesce(sums.orders_without_margin_after, 0) as orders_without_margin_after,
    coalesce(sums.redeemed_after, 0) as redeemed_after,
    coalesce(sums.incentive_cost_after, 0)::decimal(18, 4) as incentive_cost_after,
    coalesce(rewards.reward_cost_after, 0)::decimal(18, 4) as reward_cost_after,
    starts.touch_cost as touch_cost_after,
    greatest(known.last_day - starts.day + 1, 0) as days_after
from programme_starts as starts
cross join known
inner join programme_customers as people on people.customer_no = starts.customer_no
left join programme_names as names on names.programme_no = starts.programme_no
left join sums on sums.customer_no = starts.customer_no and sums.programme_no = starts.programme_no
left join rewards on rewards.customer_no = starts.customer_no and rewards.programme_no = starts.programme_no
