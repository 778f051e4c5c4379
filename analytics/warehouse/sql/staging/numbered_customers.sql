-- one row per customer: the number that stands for its cohort
create or replace temp table numbered_customers as
select customers.customer_no, cohorts.cohort_no
from known_customers as customers
inner join customer_cohorts as cohorts
    on cohorts.acquired_source = customers.acquired_source
    and cohorts.has_order = (customers.first_day is not null)
    and cohorts.cohort_month is not distinct from case
        when customers.acquired_source <> 'existing'
            then 12 * year(customers.first_day) + month(customers.first_day) - 1
    end
    and cohorts.acquired_channel is not distinct from customers.acquired_channel
    and cohorts.segment is not distinct from customers.segment
    and cohorts.region is not distinct from customers.region
