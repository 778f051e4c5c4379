-- grain: one row per referral whose referrer has no order, newest first; found: how many there are in all
select
    referral_id, referrer_id, referred_id, cast(referred_at as date) as referred_at, status, count(*) over () as found
from referral_edges
where referrer_id not in (select customer_id from customers)
order by referred_at desc, referral_id
limit $most
