-- one row per contact that counts as a stage: 1 to 3 before an order, 5 satisfaction, 6 to 9 of the flipped funnel
create or replace temp table funnel_contacts as
with numbered as (
    select
        people.person_no,
        touchpoints.touched_at as day,
        case touchpoints.stage
            when 'awareness' then 1 when 'interest' then 2 when 'desire' then 3
            when 'action' then 3  -- a contact is no order: without one it shows that somebody wanted to
            when 'satisfaction' then 5
            when 'acknowledgement' then 6 when 'dialogue' then 7 when 'incentivization' then 8
            when 'activation' then 9
            else case  -- a contact without a stage
                when people.first_day is null
                    or (people.action_day is not null and touchpoints.touched_at < people.action_day) then 1
                when touchpoints.direction = 'inbound' then 7
            end
        end as stage_no,
        people.action_day
    from touchpoints
    inner join funnel_people as people on people.customer_id = touchpoints.customer_id
    where touchpoints.arm is distinct from 'holdout'  -- left alone on purpose: nobody was contacted
)
select person_no, day, cast(stage_no as utinyint) as stage_no
from numbered
where stage_no is not null
    -- nobody is content with what has not been bought yet
    and not (stage_no = 5 and action_day is not null and day < action_day)
