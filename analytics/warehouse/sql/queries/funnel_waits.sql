-- grain: one row per stage and number of days since the stage before, first time each: how many people
with
chosen as (
    select *
    from person_stages
    where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

won as (
    -- a later stage reached earlier stands for the earlier one: least() leaves out what is not known
    select
        people,
        awareness_day,
        interest_day,
        desire_day,
        least(interest_day, desire_day, action_day) as interested_by,
        least(desire_day, action_day) as desired_by,
        action_day,
        case when $by_contacts then satisfaction_day else second_day end as satisfied_on
    from chosen
    where (action_day is not null or customer_since is null) and entry_day between $first_day and $last_day
),

kept as (
    select
        customer_since,
        action_day,
        acknowledgement_day,
        dialogue_day,
        case when $incentives_by_books then incentive_day else incentivization_day end as incentivization_day,
        case when $activation_by_books then friend_bought_day else activation_day end as activation_day,
        referred_at,
        people
    from chosen
    where customer_since is not null
),

waits as (
    select 'interest' as stage, interested_by - awareness_day as days, people from won where awareness_day <= interested_by
    union all
    select 'desire', desired_by - interest_day, people from won where interest_day <= desired_by
    union all
    select 'action', action_day - desire_day, people from won where desire_day <= action_day
    union all
    select 'satisfaction', satisfied_on - action_day, people
    from won
    where satisfied_on - action_day between 0 and $satisfied_within_days::integer
    union all
    select 'acknowledgement', acknowledgement_day - action_day, people
    from kept
    where action_day <= acknowledgement_day and acknowledgement_day between $first_day and $last_day
    union all
    select 'dialogue', dialogue_day - acknowledgement_day, people
    from kept
    where acknowledgement_day <= dialogue_day and dialogue_day between $first_day and $last_day
    union all
    select 'incentivization', incentivization_day - dialogue_day, people
    from kept
    where dialogue_day <= incentivization_day and incentivization_day between $first_day and $last_day
    union all
    select 'activation', activation_day - incentivization_day, people
    from kept
    where incentivization_day <= activation_day and activation_day between $first_day and $last_day
    union all
    select 'new customers', action_day - referred_at, people
    from kept
    where referred_at <= action_day and action_day between $first_day and $last_day
),

final as (
    select stage, cast(days as integer) as days, cast(sum(people) as bigint) as people
    from waits
    group by all
)

select * from final
order by stage, days
