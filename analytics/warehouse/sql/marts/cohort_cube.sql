-- one row per channel, segment, region, cohort month (null: customers from before the data) and month
create or replace table cohort_cube as
with monthly as (
    select
        cohorts.cell_no,
        cohorts.cohort_month,
        activity.month,
        count(*) filter (activity.orders > 0) as customers,
        sum(activity.orders) as orders,
        sum(activity.revenue) as revenue,
        sum(activity.margin_given) as margin_given,
        sum(activity.amount_without_margin) as amount_without_margin,
        sum(activity.orders_without_margin) as orders_without_margin
    from customer_month as activity
    inner join customer_cohorts as cohorts on cohorts.cohort_no = activity.cohort_no
    group by cohorts.cell_no, cohorts.cohort_month, activity.month
),
last_months as (
    select
        cohorts.cell_no,
        cohorts.cohort_month,
        12 * year(customers.last_day) + month(customers.last_day) - 1 as month,
        count(*) as customers
    from customers
    inner join numbered_customers as numbered on numbered.customer_no = customers.customer_no
    inner join customer_cohorts as cohorts on cohorts.cohort_no = numbered.cohort_no
    where customers.last_day is not null
    group by all
)
select
    cells.channel,
    cells.segment,
    cells.region,
    make_date(monthly.cohort_month // 12, monthly.cohort_month % 12 + 1, 1) as cohort_month,
    make_date(monthly.month // 12, monthly.month % 12 + 1, 1) as month,
    monthly.customers,
    -- those of the last months from n on, added up, are the customers active in month n or later
    coalesce(last_months.customers, 0) as last_seen,
    monthly.orders,
    monthly.revenue,
    coalesce(monthly.margin_given, 0) as margin_given,
    coalesce(monthly.amount_without_margin, 0) as amount_without_margin,
    monthly.orders_without_margin
from monthly
inner join customer_cells as cells on cells.cell_no = monthly.cell_no
left join last_months
    on last_months.cell_no = monthly.cell_no
    and last_months.cohort_month is not distinct from monthly.cohort_month
    and last_months.month = monthly.month
