-- one row per active referral
create or replace table referral_edges as
with recursive walk as (
    -- up from the referrer along credited referrals: meeting the referred customer there closes a ring
    select candidate.referral_no, candidate.referred_id, credit.referrer_id as ancestor, 1 as steps
    from referral_candidates as candidate
    join referral_credits as credit on credit.referred_id = candidate.referrer_id
    where candidate.fault is distinct from 'self'
        and candidate.referral_no not in (select referral_no from referral_credits)
    union all
    select walk.referral_no, walk.referred_id, credit.referrer_id, walk.steps + 1
    from walk
    join referral_credits as credit on credit.referred_id = walk.ancestor
    where walk.ancestor <> walk.referred_id and walk.steps < 100
),
rings as (
    select distinct referral_no from walk where ancestor = referred_id
)
select
    candidate.referral_id,
    candidate.referrer_id,
    candidate.referred_id,
    candidate.referred_at,
    candidate.kind,
    candidate.status,
    candidate.reward_cost,
    candidate.channel,
    credit.referral_no is not null as credited,
    case
        when credit.referral_no is not null then null
        when rings.referral_no is not null then 'cycle'
        when candidate.rank is null then candidate.fault
        when ring.fault is not null then ring.fault
        else 'second referrer'
    end as fault
from referral_candidates as candidate
left join referral_credits as credit on credit.referral_no = candidate.referral_no
left join referral_ring_faults as ring on ring.referral_no = candidate.referral_no
left join rings on rings.referral_no = candidate.referral_no
