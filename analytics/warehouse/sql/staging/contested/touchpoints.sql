-- one row per contact that several standing uploads of touchpoints have: the newest of them holds
create or replace temp table touchpoints_contested as
select customer_id, touched_at, channel, coalesce(stage, '') as stage, max(seq) as newest
from touchpoints_rows
where getvariable('several_touchpoints')
group by customer_id, touched_at, channel, coalesce(stage, '')
having min(seq) < max(seq)
