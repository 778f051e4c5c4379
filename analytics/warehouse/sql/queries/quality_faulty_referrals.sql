-- grain: one row per referral that earns no credit for a reason of its own; found: how many there are in all
select
    fault, referral_id, referrer_id, referred_id, cast(referred_at as date) as referred_at, status,
    count(*) over () as found
from referral_edges
where fault is not null
order by fault, referred_at desc, referral_id
limit $most
