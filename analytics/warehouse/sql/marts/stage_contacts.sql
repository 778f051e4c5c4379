-- one row per day, channel and stage: how many contacts, and what they cost
create or replace table stage_contacts as
with counted as (
    select touched_at as day, channel, stage, count(*) as contacts, sum(cost) as cost
    from touchpoints
    where arm is distinct from 'holdout' and stage is not null
    group by all
    union all
    -- without a stage, it counts whether somebody was a customer by then
    select
        touchpoints.touched_at,
        touchpoints.channel,
        case
            when customers.first_day is null
                or (customers.acquired_source <> 'existing' and touchpoints.touched_at < customers.first_day)
                then 'awareness'
            when touchpoints.direction = 'inbound' then 'dialogue'
        end,
        count(*),
        sum(touchpoints.cost)
    from touchpoints
    left join customers on customers.customer_id = touchpoints.customer_id
    where touchpoints.arm is distinct from 'holdout' and touchpoints.stage is null
    group by all
)
select
    day,
    trim(channel) as channel,
    stage,
    sum(contacts)::bigint as contacts,
    coalesce(sum(cost), 0)::decimal(18, 4) as cost
from counted
group by all
