-- grain: one row per number of days: friends whose first order came so long after the invitation, and so long after the
-- first order of who invited them (known for referrers won in the data)
with
brought as (
    select
        friend.first_day - edge.referred_at as since_invitation,
        case
            when referrer.acquired_source <> 'existing' and friend.first_day >= referrer.first_day
                then friend.first_day - referrer.first_day
        end as since_referrer
    from referral_edges as edge
    join customers as friend on friend.customer_id = edge.referred_id
    join customers as referrer on referrer.customer_id = edge.referrer_id
    where edge.credited
        and edge.referred_at between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], referrer.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], referrer.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], referrer.acquired_channel))
),

either as (
    select 'invitation' as since, since_invitation as days from brought
    union all
    select 'referrer', since_referrer from brought where since_referrer is not null
),

final as (
    select since, cast(days as integer) as days, count(*) as friends
    from either
    group by since, days
)

select * from final
order by since, days
