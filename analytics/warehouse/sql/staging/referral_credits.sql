-- one row per credited referral, and so at most one per referred customer
create or replace temp table referral_credits as
select candidate.referral_no, candidate.referrer_id, candidate.referred_id
from referral_candidates as candidate
left join referral_ring_faults as ring on ring.referral_no = candidate.referral_no
where candidate.rank is not null
    and case when ring.referral_no is null then candidate.rank = 1 else ring.fault is null end
