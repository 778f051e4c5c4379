-- grain: one row per whole month since the first order of referred customers: how many have finished it, and its margin
with
friends as (
    select
        customer_id,
        first_day,
        -- months are counted by their numbers: a calendar function would take as long as all the rest
        12 * (year($data_last + 1) - year(first_day)) + month($data_last + 1) - month(first_day)
        - cast(day($data_last + 1) < day(first_day) as integer) as finished_months
    from customers
    where acquired_source = 'referral'
),

months as (
    select unnest(range(0, $months)) as months_since_first_order
),

bought as (
    select
        friends.finished_months,
        12 * (year(orders.day) - year(friends.first_day)) + month(orders.day) - month(friends.first_day)
        - cast(day(orders.day) < day(friends.first_day) as integer) as months_since_first_order,
        orders.amount,
        orders.margin
    from orders
    inner join friends on friends.customer_id = orders.customer_id
),

sums as (
    select
        months_since_first_order,
        sum(margin) as margin_given,
        sum(amount) filter (margin is null) as amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as orders_without_margin
    from bought
    where months_since_first_order < finished_months
    group by months_since_first_order
),

finished as (
    select months.months_since_first_order, count(*) as customers
    from months
    inner join friends on friends.finished_months > months.months_since_first_order
    group by months.months_since_first_order
),

final as (
    select
        finished.months_since_first_order,
        finished.customers,
        cast(coalesce(sums.margin_given, 0) as double) as margin_given,
        cast(coalesce(sums.amount_without_margin, 0) as double) as amount_without_margin,
        coalesce(sums.orders_without_margin, 0) as orders_without_margin
    from finished
    left join sums on sums.months_since_first_order = finished.months_since_first_order
)

select * from final
order by months_since_first_order
