-- one row per channel, segment, region, cohort month (null: customers from before the data) and month
create or replace table cohort_cube as
with monthly as (
    select
        customers.channel,
        customers.segment,
        customers.region,
        customers.cohort_month,
        activity.month,
        count(*) filter (activity.orders > 0) as customers,
        -- those of the last months from n on, added up, are the customers active in month n or later
        count(*) filter (activity.orders > 0 and activity.month = customers.last_month) as last_seen,
        sum(activity.orders) as orders,
        sum(activity.revenue) as revenue,
        sum(activity.margin_given) as margin_given,
        sum(activity.amount_without_margin) as amount_without_margin,
        sum(activity.orders_without_margin) as orders_without_margin
    from customer_month as activity
    inner join cohort_customers as customers on customers.customer_no = activity.customer_no
    group by all
)
select
    channel,
    segment,
    region,
    make_date(cohort_month // 12, cohort_month % 12 + 1, 1) as cohort_month,
    make_date(month // 12, month % 12 + 1, 1) as month,
    customers,
    last_seen,
    orders,
    revenue,
    coalesce(margin_given, 0) as margin_given,
    coalesce(amount_without_margin, 0) as amount_without_margin,
    orders_without_margin
from monthly
