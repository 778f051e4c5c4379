-- one row per month and channel that several standing uploads of spend have: the newest of them holds
create or replace temp table spend_contested as
select month, channel, max(seq) as newest
from spend_rows
where getvariable('several_spend')
group by month, channel
having min(seq) < max(seq)
