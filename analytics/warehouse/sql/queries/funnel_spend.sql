-- grain: one row per motion, channel or programme and stage named; a month partly in the window counts by its days
with
months as (
    select
        channel,
        motion,
        lower(trim(stage)) as stage,
        amount,
        date_diff('day', month, last_day(month)) + 1 as days,
        date_diff('day', greatest(month, $first_day), least(last_day(month), $last_day)) + 1 as days_in_window
    from spend_months
    where month <= $last_day and last_day(month) >= $first_day
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], channel))
),

final as (
    select
        motion,
        channel,
        stage,
        sum(
            case
                when days_in_window = days then amount
                else cast(amount * days_in_window / days as decimal(18, 4))
            end
        ) as spend
    from months
    group by all
)

select * from final
order by motion nulls last, channel, stage nulls last
