-- one row per referral that may be credited, of customers whom no chain of earliest referrals reaches from its start
with recursive earliest as (
    select referrer_id, referred_id from referral_candidates where rank = 1
),
reached as (
    select referrer_id as customer_id from earliest
    where referrer_id not in (select referred_id from earliest)
    union
    select earliest.referred_id
    from reached
    join earliest on earliest.referrer_id = reached.customer_id
)
select referral_no, referrer_id, referred_id
from referral_candidates
where rank is not null and referred_id not in (select customer_id from reached)
order by referred_at, referral_id, line
