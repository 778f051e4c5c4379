-- grain: one row per whole quarter and set of flipped stages that a customer went through in it; stages: bits
select quarter, cast(stages as integer) as stages, cast(sum(people) as bigint) as people
from stage_quarters
where quarter between $first_day and $last_day
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
group by all
order by quarter, stages
