-- grain: one row per person whom a referral names, by number: who brought this one and how, and what this one did
select
    person_no,
    customer_id,
    coalesce(referrer_no, -1) as referrer_no,
    cast(referred_at as date) as referred_at,
    case
        when referrer_no is null then null
        when kind is null then 'not recorded'
        when kind in ('content', 'conversation', 'commendation') then kind
        else 'other'
    end as kind,
    cast(reward as double) as reward,
    referrals,
    friends,
    cast(rewards as double) as rewards,
    last_referral_day,
    last_reward_day
from referral_people
order by person_no
