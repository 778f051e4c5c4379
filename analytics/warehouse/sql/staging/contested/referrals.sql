-- one row per referral that several standing uploads of referrals have: the newest of them holds
create or replace temp table referrals_contested as
select referral_id, max(seq) as newest
from referrals_rows
where getvariable('several_referrals')
group by referral_id
having min(seq) < max(seq)
