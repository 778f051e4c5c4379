-- one row per active referral
select *
from referral_edges
order by referred_at, referral_id
