-- grain: one row per quarter, channel and stage: contacts in these days, and what they cost
select
    cast(date_trunc('quarter', day) as date) as quarter,
    channel,
    stage,
    cast(sum(contacts) as bigint) as contacts,
    sum(cost) as cost
from stage_contacts
where day between $first_day and $last_day
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], channel))
group by all
order by quarter, channel, stage nulls last
