-- one row per month, channel or programme, motion and stage
create or replace table spend_months as
with overrides as (
    select unnest($motion_names::varchar[]) as name, unnest($motions::varchar[]) as motion
),
acquiring as (
    select distinct lower(trim(name)) as name from known_names where column_name = 'channel'
),
retaining as (
    select distinct lower(trim(name)) as name from known_names where column_name = 'trigger'
)
select
    spend.month,
    spend.channel,
    coalesce(
        spend.motion,
        overrides.motion,
        case
            when acquiring.name is not null and retaining.name is null then 'acquisition'
            when retaining.name is not null and acquiring.name is null then 'retention'
        end
    ) as motion,  -- null: only the analyst knows
    spend.stage,
    sum(spend.amount)::decimal(18, 4) as amount
from spend_active as spend
left join overrides on lower(trim(overrides.name)) = lower(trim(spend.channel))
left join acquiring on acquiring.name = lower(trim(spend.channel))
left join retaining on retaining.name = lower(trim(spend.channel))
group by all
