-- grain: one row per spelling of a name that orders or referrals carry, and where it is seen
select name, case column_name when 'channel' then 'first order' else 'incentive' end as seen
from known_names
where column_name in ('channel', 'trigger')
union all
select distinct channel, case when reward_cost > 0 then 'incentive' else 'referral' end
from referral_edges
where channel is not null
order by name, seen
