-- one row per customer by number: what cohorts are grouped by
create or replace temp table cohort_customers as
select
    customer_no,
    acquired_channel as channel,
    segment,
    region,
    case when acquired_source <> 'existing' then 12 * year(first_day) + month(first_day) - 1 end as cohort_month,
    12 * year(last_day) + month(last_day) - 1 as last_month
from customers
