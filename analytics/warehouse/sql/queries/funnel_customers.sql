-- grain: one row per set of flipped stages that a customer went through in these days; stages: bits
with
chosen as (
    select person_no
    from person_stages
    where len($segments::varchar[]) + len($regions::varchar[]) + len($channels::varchar[]) > 0
        and person_no is not null
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

customers_of_days as (
    select person_no, bit_or(stages) as stages
    from customer_stage_days
    where day between $first_day and $last_day
        and (
            len($segments::varchar[]) + len($regions::varchar[]) + len($channels::varchar[]) = 0
            or person_no in (select person_no from chosen)
        )
    group by person_no
),

final as (
    select cast(stages as integer) as stages, count(*) as people
    from customers_of_days
    group by all
)

select * from final
order by stages
