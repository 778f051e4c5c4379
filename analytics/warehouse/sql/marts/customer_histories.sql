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
with ends as (
    select max(day) - $holdout_days::integer as last_day_before from orders
),
several as (
    select
        customer_no,
        sum(more) as more,
        sum(more) filter (day > (select last_day_before from ends)) as more_in_holdout,
        min(struct_pack(day := day, revenue := revenue, margin := margin, margin_revenue := margin_revenue)) as first
    from same_day_orders
    group by customer_no
),
holdout as (
    select customer_no, count(*) as orders
    from orders
    where amount > 0 and customer_no is not null and day > (select last_day_before from ends)
    group by customer_no
),
before as (
    -- only who bought in the holdout had another last day before it
    select customer_no, max(day) as last_day
    from orders
    where amount > 0
        and day <= (select last_day_before from ends)
        and customer_no in (select customer_no from holdout)
    group by customer_no
),
first_orders as (
    select
        customer_no,
        sum(amount) as revenue,
        sum(margin) as margin,
        sum(amount) filter (margin is not null) as margin_revenue
    from orders
    where source in ('new', 'referral') and customer_no is not null
    group by customer_no
),
joined as (
    select
        customers.*,
        groups.group_no,
        customers.orders - 1 - coalesce(several.more, 0) as frequency,
        coalesce(holdout.orders, 0) - coalesce(several.more_in_holdout, 0) as days_in_holdout,
        if(holdout.orders is null, customers.last_day, before.last_day) as last_day_before,
        first_orders as first_order,
        if(several.first.day = customers.first_day and first_orders.customer_no is not null, several.first, null)
            as same_day
    from customers
    join history_groups as groups
        on groups.acquired_source = customers.acquired_source
        and groups.acquired_channel is not distinct from customers.acquired_channel
        and groups.segment is not distinct from customers.segment
        and groups.region is not distinct from customers.region
    left join several on several.customer_no = customers.customer_no
    left join holdout on holdout.customer_no = customers.customer_no
    left join before on before.customer_no = customers.customer_no
    left join first_orders on first_orders.customer_no = customers.customer_no
    where customers.first_day is not null
),
money as (
    select
        *,
        coalesce(first_order.revenue, 0) + coalesce(same_day.revenue, 0) as first_revenue,
        coalesce(first_order.margin, 0) + coalesce(same_day.margin, 0) as first_margin,
        coalesce(first_order.margin_revenue, 0) + coalesce(same_day.margin_revenue, 0) as first_margin_revenue
    from joined
)
select
    customer_id,
    group_no,
    first_day,
    frequency,
    last_day - first_day as recency_days,
    case when last_day_before is not null then frequency - days_in_holdout end as frequency_before,
    last_day_before - first_day as recency_days_before,
    first_revenue,
    first_margin,
    first_margin_revenue,
    frequency + if(acquired_source = 'existing', 1, 0) as repeat_days,
    revenue - first_revenue as repeat_revenue,
    coalesce(margin, 0) - first_margin as repeat_margin,
    coalesce(margin_revenue, 0) - first_margin_revenue as repeat_margin_revenue
from money
