-- one row per acquiring channel, segment, region and first day of customers won and not referred, and whole months since it
create or replace table reorder_months as
with monthly as (
    select
        cohort_no,
        customer_first_day as first_day,
        -- months are counted by their numbers: a calendar function would take as long as all the rest
        12 * (year(day) - year(customer_first_day)) + month(day)
        - month(customer_first_day)
        - cast(day(day) < day(customer_first_day) as integer) as months_since_first_order,
        coalesce(sum(margin), 0) as margin_given,
        coalesce(sum(amount) filter (margin is null), 0) as amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as orders_without_margin
    from orders
    where source = 'reorder' and acquired_source = 'new'
    group by all
)
select cohorts.acquired_channel as channel, cohorts.segment, cohorts.region, monthly.* exclude (cohort_no)
from monthly
inner join customer_cohorts as cohorts on cohorts.cohort_no = monthly.cohort_no
