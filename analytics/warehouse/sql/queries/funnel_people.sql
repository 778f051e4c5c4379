-- grain: one row per quarter: the people who belong to it by their first order, else by their first contact
with
stood as (
    -- as it stood on one day: what came later is not known yet
    select
        people,
        case when awareness_day <= $as_of then awareness_day end as awareness_day,
        case when interest_day <= $as_of then interest_day end as interest_day,
        case when desire_day <= $as_of then desire_day end as desire_day,
        case when action_day <= $as_of then action_day end as action_day,
        case
            when case when $by_contacts then satisfaction_day else second_day end
                <= least($as_of, action_day + $satisfied_within_days::integer) then 1
            else 0
        end as satisfied
    from person_stages
    where (action_day is not null or customer_since is null)
        -- who bought later may be among those who had not bought by then
        and (entry_day between $first_day and $last_day or action_day > $as_of)
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

entered as (
    select
        *,
        coalesce(action_day, least(awareness_day, interest_day, desire_day)) as entry_day,
        action_day + $satisfied_within_days::integer <= $as_of as finished
    from stood
),

final as (
    -- somebody who reached a later stage counts in all earlier ones
    select
        cast(date_trunc('quarter', entry_day) as date) as quarter,
        sum(people) as awareness,
        coalesce(sum(people) filter (coalesce(action_day, desire_day, interest_day) is not null), 0) as interest,
        coalesce(sum(people) filter (coalesce(action_day, desire_day) is not null), 0) as desire,
        coalesce(sum(people) filter (action_day is not null), 0) as action,
        coalesce(sum(people) filter (satisfied = 1), 0) as satisfaction,
        coalesce(sum(people) filter (finished), 0) as finished,
        coalesce(sum(people) filter (finished and satisfied = 1), 0) as finished_satisfied
    from entered
    where entry_day between $first_day and $last_day
    group by all
)

select
    quarter,
    awareness::bigint as awareness,
    interest::bigint as interest,
    desire::bigint as desire,
    action::bigint as action,
    satisfaction::bigint as satisfaction,
    finished::bigint as finished,
    finished_satisfied::bigint as finished_satisfied
from final
order by quarter
