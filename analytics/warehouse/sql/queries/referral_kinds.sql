-- grain: one row per kind of referral made in these days (others than the three Cs are "other"): volume, conversion and
-- cost, with sums of powers over referrers of x: invitations that brought somebody, and y: invitations
with
chosen as (
    select edge.*
    from referral_edges as edge
    join customers as referrer on referrer.customer_id = edge.referrer_id
    where edge.referred_at between $first_day and $last_day
        and edge.fault is distinct from 'self'
        and edge.fault is distinct from 'cycle'
        and edge.fault is distinct from 'existing customer'
        and edge.fault is distinct from 'too late'
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], referrer.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], referrer.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], referrer.acquired_channel))
),

by_referrer as (
    select
        case
            when kind is null then 'not recorded'
            when kind in ('content', 'conversation', 'commendation') then kind
            else 'other'
        end as kind,
        referrer_id,
        count(*) as y,
        count(*) filter (credited) as x,
        count(reward_cost) as rewards_known,
        coalesce(sum(reward_cost), 0) as rewards
    from chosen
    group by all
),

final as (
    select
        kind,
        count(*) as referrers,
        sum(y)::bigint as invitations,
        sum(x)::bigint as converted,
        sum(rewards_known)::bigint as rewards_known,
        sum(rewards) as rewards,
        sum(x * x)::double as xx,
        sum(x * y)::double as xy,
        sum(y * y)::double as yy,
        sum(x * x * x)::double as xxx,
        sum(x * x * y)::double as xxy,
        sum(x * y * y)::double as xyy,
        sum(y * y * y)::double as yyy
    from by_referrer
    group by kind
)

select * from final
order by kind
