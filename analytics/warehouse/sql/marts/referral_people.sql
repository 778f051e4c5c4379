-- one row per person whom a referral names: a number to stand for the id, who brought this one, and what this one did
create or replace table referral_people as
with named as (
    select referrer_id as customer_id from referral_edges
    union
    select referred_id from referral_edges where referred_id is not null
),

numbered as (
    select cast(row_number() over (order by customer_id) - 1 as integer) as person_no, customer_id
    from named
),

made as (
    select
        referrer_id,
        count(*) as referrals,
        count(*) filter (credited) as friends,
        coalesce(sum(reward_cost), 0) as rewards,
        max(referred_at) as last_referral_day,
        max(referred_at) filter (reward_cost > 0) as last_reward_day
    from referral_edges
    group by referrer_id
),

credits as (
    select referred_id, referrer_id, referred_at, kind, coalesce(reward_cost, 0) as reward
    from referral_edges
    where credited
)

select
    numbered.person_no,
    numbered.customer_id,
    referrer.person_no as referrer_no,  -- of the credited referral; null: was not referred
    credits.referred_at,
    credits.kind,
    coalesce(credits.reward, 0) as reward,  -- paid for the credited referral
    coalesce(made.referrals, 0) as referrals,
    coalesce(made.friends, 0) as friends,  -- of whom the first order is credited to this one
    coalesce(made.rewards, 0) as rewards,
    made.last_referral_day,
    made.last_reward_day
from numbered
left join made on made.referrer_id = numbered.customer_id
left join credits on credits.referred_id = numbered.customer_id
left join numbered as referrer on referrer.customer_id = credits.referrer_id
