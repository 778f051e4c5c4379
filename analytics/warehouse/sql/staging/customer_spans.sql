-- one row per customer: sums, and days with an order, in all and in the holdout; each day was counted as a bit of its month
create or replace temp table customer_spans as
with ends as (
    select max(day) - $holdout_days::integer as last_day_before from orders
),
split as (
    select
        12 * year(last_day_before) + month(last_day_before) - 1 as month,
        day(last_day_before)::integer as day_of_month
    from ends
),
sums as (
    select
        customer_no,
        sum(orders) as orders,
        sum(revenue) as revenue,
        sum(margin_given) as margin,
        sum(amount_without_margin) as amount_without_margin,
        sum(bit_count(days)) as days,
        sum(bit_count(
            case when activity.month > split.month then days else days >> split.day_of_month end
        )) filter (activity.month >= split.month) as days_in_holdout,
        -- the month above its days: the largest of these numbers has the last day
        max(activity.month::bigint << 32 | days) as last_days,
        max(activity.month::bigint << 32 | case
            when activity.month < split.month then days else days & ((1::bigint << split.day_of_month) - 1)
        end) filter (
            activity.month < split.month
            or activity.month = split.month and days & ((1::bigint << split.day_of_month) - 1) > 0
        ) as last_days_before
    from customer_month as activity
    cross join split
    group by customer_no
),
parts as (
    select
        *,
        last_days >> 32 as last_month,
        last_days & 4294967295 as days_of_last_month,
        last_days_before >> 32 as last_month_before,
        last_days_before & 4294967295 as days_of_last_month_before
    from sums
)
select
    customer_no,
    orders::bigint as orders,
    revenue,
    margin,
    amount_without_margin,
    days::integer as days,
    coalesce(days_in_holdout, 0)::integer as days_in_holdout,
    -- the highest bit is the last day
    make_date(last_month // 12, last_month % 12 + 1, 1 + floor(log2(days_of_last_month))::integer) as last_day,
    make_date(
        last_month_before // 12, last_month_before % 12 + 1, 1 + floor(log2(days_of_last_month_before))::integer
    ) as last_day_before
from parts
