-- one row per programme (by its name in small letters): a channel of contacts with arms, a trigger, a channel of rewarded
-- referrals, or a line of retention spend; those with arms have a programme_no
create or replace temp table programme_names as
with found as (
    select trim("trigger") as spelling, 0 as touches
    from (select distinct "trigger" from orders where "trigger" is not null)
    union all
    select trim(channel), touches
    from (
        select channel, count(*) as touches
        from touchpoints
        where arm in ('treated', 'holdout') and channel is not null
        group by channel
    )
    union all
    select trim(channel), 0
    from (select distinct channel from referral_edges where reward_cost > 0 and channel is not null)
    union all
    select trim(channel), 0
    from (select distinct channel from spend_months where motion = 'retention' and channel is not null)
),
names as (
    select
        lower(spelling) as name,
        coalesce(min(spelling) filter (touches > 0), min(spelling)) as programme,
        sum(touches)::bigint as touches
    from found
    group by 1
),
numbered as (
    select
        *,
        (row_number() over (order by name))::integer as name_no,
        (row_number() over (order by touches desc, name) - 1)::integer as rank
    from names
)
select
    name_no,
    name,
    programme,
    -- sets of open offers are kept as the bits of one number
    case when touches > 0 and rank < 20 then rank end as programme_no
from numbered
