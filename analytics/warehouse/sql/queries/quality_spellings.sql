-- grain: one row per spelling and place of a name of channels or programmes that is spelled in several ways
with places as (
    select trim(channel) as name, 'sales' as place, sum(amount) as revenue, null::decimal(18, 4) as spend
    from orders
    where channel is not null
    group by trim(channel)
    union all
    select trim("trigger"), 'reorders', sum(amount), null
    from orders
    where "trigger" is not null
    group by trim("trigger")
    union all
    select trim(channel), 'spend', null, sum(amount)
    from spend_months
    group by trim(channel)
    union all
    select distinct trim(channel), 'touchpoints', null::decimal(18, 4), null::decimal(18, 4)
    from touchpoints
    where channel is not null
),
folded as (
    select *, regexp_replace(lower(name), '[\s_.-]+', '', 'g') as same  -- as the intake compares names
    from places
),
several as (
    select same
    from folded
    group by same
    having count(distinct name) > 1
)
select
    name,
    place,
    revenue,
    spend,
    (select count(*) from several) as names,
    (select coalesce(sum(folded.revenue), 0) from folded semi join several on several.same = folded.same) as all_revenue,
    (select coalesce(sum(folded.spend), 0) from folded semi join several on several.same = folded.same) as all_spend,
    count(*) over () as found
from folded
semi join several on several.same = folded.same
order by same, name, place
limit $most
