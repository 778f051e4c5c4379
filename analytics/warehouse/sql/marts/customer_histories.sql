-- one row per customer with an order: repeat days and money, at the end of the data and as they stood before the holdout
create or replace table customer_histories (
    customer_id varchar using compression uncompressed,  -- ids hardly shrink, and trying to is half of the time
    group_no integer,          -- in history_groups
    first_day date,            -- of a customer from before the data: the first day seen
    frequency integer,         -- days with an order after the first one
    recency_days integer,      -- from the first to the last of these days; 0 without
    frequency_before integer,  -- the same before the holdout; null for who came later
    recency_days_before integer,
    first_revenue decimal(18, 4),         -- of the first day, less refunds; 0 for a customer from before the data
    first_margin decimal(18, 4),          -- of the rows that state one
    first_margin_revenue decimal(18, 4),  -- revenue of those rows
    repeat_days integer,                  -- days that the rest is of: for a customer from before the data, all
    repeat_revenue decimal(18, 4),
    repeat_margin decimal(18, 4),
    repeat_margin_revenue decimal(18, 4)
);
insert into customer_histories
with first_money as (
    -- of the first order with its refunds, and of whatever else was ordered on its day
    select
        customer_no,
        sum(amount) as revenue,
        sum(margin) as margin,
        sum(amount) filter (margin is not null) as margin_revenue
    from orders
    where acquired_source <> 'existing' and (source <> 'reorder' or (amount > 0 and day = customer_first_day))
    group by customer_no
)
select
    customers.customer_id,
    cohorts.group_no,
    customers.first_day,
    spans.days - 1 as frequency,
    customers.last_day - customers.first_day as recency_days,
    case when spans.last_day_before is not null then spans.days - 1 - spans.days_in_holdout end as frequency_before,
    spans.last_day_before - customers.first_day as recency_days_before,
    coalesce(first_money.revenue, 0) as first_revenue,
    coalesce(first_money.margin, 0) as first_margin,
    coalesce(first_money.margin_revenue, 0) as first_margin_revenue,
    spans.days - if(customers.acquired_source = 'existing', 0, 1) as repeat_days,
    customers.revenue - coalesce(first_money.revenue, 0) as repeat_revenue,
    coalesce(customers.margin, 0) - coalesce(first_money.margin, 0) as repeat_margin,
    coalesce(customers.margin_revenue, 0) - coalesce(first_money.margin_revenue, 0) as repeat_margin_revenue
from customers
inner join numbered_customers as numbered on numbered.customer_no = customers.customer_no
inner join customer_cohorts as cohorts on cohorts.cohort_no = numbered.cohort_no
inner join customer_spans as spans on spans.customer_no = customers.customer_no
left join first_money on first_money.customer_no = customers.customer_no
where customers.first_day is not null
