-- grain: one row: customers, and invitations made by them in these days with what became of them; sums of powers over
-- customers of x: invitations that brought somebody, and y: invitations
with
reached as (
    select customer_id
    from customers
    where first_day <= $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

made as (
    -- to invite oneself, one's own referrer or somebody who is a customer already invites nobody
    select
        referrer_id,
        count(*) filter (invites) as y,
        count(*) filter (credited) as x,
        count(*) filter (invites and not credited and status = 'rejected') as rejected,
        count(*) filter (not invites) as not_counted,
        count(reward_cost) as rewards_known,
        coalesce(sum(reward_cost), 0) as rewards
    from (
        select *, coalesce(fault not in ('self', 'cycle', 'existing customer', 'too late'), true) as invites
        from referral_edges
        where referred_at between $first_day and $last_day
    )
    group by referrer_id
),

final as (
    select
        (select count(*) from reached) as customers,
        count(*) filter (y > 0) as referrers,
        coalesce(sum(y), 0)::bigint as invitations,
        coalesce(sum(x), 0)::bigint as converted,
        coalesce(sum(rejected), 0)::bigint as rejected,
        coalesce(sum(not_counted), 0)::bigint as not_counted,
        coalesce(sum(rewards_known), 0)::bigint as rewards_known,
        coalesce(sum(rewards), 0) as rewards,
        coalesce(sum(x * x), 0)::double as xx,
        coalesce(sum(x * y), 0)::double as xy,
        coalesce(sum(y * y), 0)::double as yy,
        coalesce(sum(x * x * x), 0)::double as xxx,
        coalesce(sum(x * x * y), 0)::double as xxy,
        coalesce(sum(x * y * y), 0)::double as xyy,
        coalesce(sum(y * y * y), 0)::double as yyy
    from made
    join reached on reached.customer_id = made.referrer_id
)

select
    final.*,
    (select count(*) from referral_edges) as referrals,
    (select count(*) from referral_edges
     where referred_at between $first_day and $last_day
         and referrer_id not in (select customer_id from customers)) as by_strangers
from final
