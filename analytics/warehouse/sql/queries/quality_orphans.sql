-- grain: one row per referral whose referrer has no order, newest first; found: how many there are in all
with
buyers as (
    -- of all customers only the few who referred somebody
    select customer_id from customers where customer_id in (select referrer_id from referral_edges)
)

select
    referral_id, referrer_id, referred_id, cast(referred_at as date) as referred_at, status, count(*) over () as found
from referral_edges
where referrer_id not in (select customer_id from buyers)
order by referred_at desc, referral_id
limit $most
