-- grain: one row per acquiring channel, period of the first order and whole months since it (finished months only)
with
-- months are counted by their numbers: a calendar function would take as long as all the rest
days as (
    select
        first_day,
        case
            when first_day between $first_day and $last_day then 'window'
            when first_day between $previous_first and $previous_last then 'before'
            else 'other'
        end as period,
        least(
            12 * (year($data_last + 1) - year(first_day)) + month($data_last + 1) - month(first_day)
            - cast(day($data_last + 1) < day(first_day) as integer),
            $months
        ) as finished_months
    from (select distinct first_day from won_days)
),

sizes as (
    select won.channel, days.period, days.finished_months, sum(won.customers) as customers
    from won_days as won
    inner join days on days.first_day = won.first_day
    where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], won.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], won.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], won.channel))
    group by all
),

by_age as (
    select
        reorders.channel,
        days.period,
        reorders.months_since_first_order,
        sum(reorders.margin_given) as margin_given,
        sum(reorders.amount_without_margin) as amount_without_margin,
        sum(reorders.orders_without_margin) as orders_without_margin
    from reorder_months as reorders
    inner join days on days.first_day = reorders.first_day
    where reorders.months_since_first_order between 0 and days.finished_months - 1
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], reorders.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], reorders.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], reorders.channel))
    group by all
),

ages as (
    select
        sizes.channel,
        sizes.period,
        age.months_since_first_order,
        cast(sum(sizes.customers) as bigint) as customers
    from sizes
    cross join range(0, $months) as age (months_since_first_order)
    where age.months_since_first_order < sizes.finished_months
    group by all
),

final as (
    select
        ages.channel,
        ages.period,
        ages.months_since_first_order,
        ages.customers,
        coalesce(by_age.margin_given, 0) as margin_given,
        coalesce(by_age.amount_without_margin, 0) as amount_without_margin,
        cast(coalesce(by_age.orders_without_margin, 0) as bigint) as orders_without_margin
    from ages
    left join by_age
        on ages.channel is not distinct from by_age.channel
        and ages.period = by_age.period
        and ages.months_since_first_order = by_age.months_since_first_order
)

select * from final
order by channel nulls last, period, months_since_first_order
