-- grain: one row per referral made in these days and thing that is wrong with it, newest first; found, rewards_found: how
-- many there are in all, and what was paid for them
with
chosen as (
    select
        edge.*,
        count(*) over (partition by edge.referrer_id, edge.referred_at) as that_day,
        friend.orders as friend_orders,
        friend.revenue as friend_revenue
    from referral_edges as edge
    left join customers as referrer on referrer.customer_id = edge.referrer_id
    left join customers as friend on friend.customer_id = edge.referred_id
    where edge.referred_at between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], referrer.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], referrer.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], referrer.acquired_channel))
),

wrong as (
    select 'self' as what, * from chosen where fault = 'self'
    union all
    select 'cycle', * from chosen where fault = 'cycle'
    union all
    select 'second referrer', * from chosen where fault = 'second referrer'
    union all
    select 'rewarded, never bought', * from chosen where reward_cost > 0 and coalesce(friend_orders, 0) = 0
    union all
    select 'rewarded, all refunded', * from chosen
    where reward_cost > 0 and credited and friend_orders > 0 and friend_revenue <= 0
    union all
    select 'rewarded, was a customer', * from chosen
    where reward_cost > 0 and fault in ('existing customer', 'too late')
    union all
    select 'many on one day', * from chosen where that_day >= $many
),

counted as (
    select
        *,
        count(*) over (partition by what) as found,
        coalesce(sum(reward_cost) over (partition by what), 0) as rewards_found,
        row_number() over (partition by what order by referred_at desc, referral_id, referrer_id, referred_id) as place
    from wrong
)

select
    what, referral_id, referrer_id, referred_id, cast(referred_at as date) as referred_at, status, kind, channel,
    cast(reward_cost as double) as reward_cost, that_day, found, cast(rewards_found as double) as rewards_found
from counted
where place <= $most
order by what, place
