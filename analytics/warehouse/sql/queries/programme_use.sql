-- grain: one row per programme, by its name in small letters: orders and friends that it brought on all days, and those of
-- the window
with
happened as (
    select lower(trim("trigger")) as name, day
    from orders
    where kind = 'order' and "trigger" is not null
    union all
    select lower(trim(channel)) as name, referred_at as day
    from referral_edges
    where credited and channel is not null
),

final as (
    select
        name,
        count(*) as used,
        count(*) filter (where day between $first_day and $last_day) as used_in_window
    from happened
    group by name
)

select * from final
order by name
