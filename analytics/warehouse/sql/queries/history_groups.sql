-- grain: one row per source, acquiring channel, segment and region that customers have (group_no stands for it)
select group_no, acquired_source as source, acquired_channel as channel, segment, region
from history_groups
where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
order by group_no
