-- grain: one row per customer of the groups, in no order: history now and before the holdout (-1: not there yet), values
select
    group_no,
    cast($last_day - first_day as integer) as T_days,
    frequency,
    recency_days,
    coalesce(frequency_before, -1) as frequency_before,
    coalesce(recency_days_before, 0) as recency_days_before,
    repeat_days,
    cast(
        case
            when $in_margin then first_margin + (first_revenue - first_margin_revenue) * $margin_rate::decimal(9, 6)
            else first_revenue
        end as double
    ) as first_value,
    cast(
        case
            when $in_margin then repeat_margin + (repeat_revenue - repeat_margin_revenue) * $margin_rate::decimal(9, 6)
            else repeat_revenue
        end as double
    ) as repeat_value
from customer_histories
where list_contains($groups::integer[], group_no)
