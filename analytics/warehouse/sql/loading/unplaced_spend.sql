-- one row per name of spend, of those asked for, that the tables hold without a motion
select distinct channel as name
from spend_months
where motion is null and list_contains($names::varchar[], channel)
order by name
