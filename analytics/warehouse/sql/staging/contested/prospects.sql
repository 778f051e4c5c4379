-- one row per prospect that several standing uploads of prospects have: the newest of them holds
create or replace temp table prospects_contested as
select prospect_id, max(seq) as newest
from prospects_rows
where getvariable('several_prospects')
group by prospect_id
having min(seq) < max(seq)
