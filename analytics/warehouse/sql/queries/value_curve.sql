-- grain: one row per acquiring channel, period of the first order and whole months since it (finished months only)
with
won as (
    select
        customer_id,
        acquired_channel as channel,
        first_day,
        case
            when first_day between $first_day and $last_day then 'window'
            when first_day between $previous_first and $previous_last then 'before'
            else 'other'
        end as period,
        -- months are counted by their numbers: a calendar function would take as long as all the rest
        least(
            12 * (year($data_last + 1) - year(first_day)) + month($data_last + 1) - month(first_day)
            - cast(day($data_last + 1) < day(first_day) as integer),
            $months
        ) as finished_months
    from customers
    where acquired_source = 'new'
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

reorders as (
    select
        won.channel,
        won.period,
        won.finished_months,
        orders.amount,
        orders.margin,
        12 * (year(orders.day) - year(won.first_day)) + month(orders.day) - month(won.first_day)
        - cast(day(orders.day) < day(won.first_day) as integer) as months_since_first_order
    from orders
    inner join won on orders.customer_id = won.customer_id
    where orders.source = 'reorder'
),

by_age as (
    select
        channel,
        period,
        months_since_first_order,
        sum(margin) as margin_given,
        sum(amount) filter (margin is null) as amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as orders_without_margin
    from reorders
    where months_since_first_order between 0 and finished_months - 1
    group by all
),

sizes as (
    select channel, period, finished_months, count(*) as customers
    from won
    group by all
),

ages as (
    select
        sizes.channel,
        sizes.period,
        age.months_since_first_order,
        sum(sizes.customers) as customers
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
        coalesce(by_age.orders_without_margin, 0) as orders_without_margin
    from ages
    left join by_age
        on ages.channel is not distinct from by_age.channel
        and ages.period = by_age.period
        and ages.months_since_first_order = by_age.months_since_first_order
)

select * from final
order by channel nulls last, period, months_since_first_order
