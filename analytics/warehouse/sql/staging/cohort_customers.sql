-- one row per customer, with a number that is quicker to group by than its id, and what cohorts are grouped by
create or replace temp table cohort_customers as
select
    row_number() over () as customer_no,
    customer_id,
    acquired_channel as channel,
    segment,
    region,
    case when acquired_source <> 'existing' then 12 * year(first_day) + month(first_day) - 1 end as cohort_month,
    12 * year(last_day) + month(last_day) - 1 as last_month
from customers
