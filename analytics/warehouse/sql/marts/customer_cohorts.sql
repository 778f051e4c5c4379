-- one row per source, acquiring channel, segment, region and month of the first order that customers have: cohort_no
-- stands for all of it, group_no for it without the month, cell_no for channel, segment and region
create or replace table customer_cohorts as
with cohorts as (
    select
        acquired_source,
        acquired_channel,
        segment,
        region,
        first_day is not null as has_order,  -- false: nothing but refunds
        case when acquired_source <> 'existing' then 12 * year(first_day) + month(first_day) - 1 end as cohort_month
    from known_customers
    group by all
)
select
    cast(row_number() over (
        order by
            not has_order, acquired_source, acquired_channel nulls last, segment nulls last, region nulls last,
            cohort_month nulls last
    ) as integer) as cohort_no,
    cast(dense_rank() over (
        order by not has_order, acquired_source, acquired_channel nulls last, segment nulls last, region nulls last
    ) - 1 as integer) as group_no,
    cast(dense_rank() over (
        order by acquired_channel nulls last, segment nulls last, region nulls last
    ) as integer) as cell_no,
    acquired_source,
    acquired_channel,
    segment,
    region,
    has_order,
    cohort_month::integer as cohort_month  -- counted from the year 0; null: a customer from before the data
from cohorts
