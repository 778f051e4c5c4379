-- grain: one row per cut-off and customer with an order on or before it: what was known of the customer on that day
with
chosen as (
    -- an even sample, by bits of the hash that a join does not use; or the customers that are named
    select customer_no
    from customers
    where orders > 0
        and len($customers::varchar[]) = 0
        and (hash(customer_id) >> 24) % 65536 < $share
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
    union all
    select customer_no
    from customers
    where customer_id in (select unnest($customers::varchar[]))
),

-- materialized: their few orders are looked at once per cut-off, all orders only once
lines as materialized (
    select
        orders.customer_id,
        orders.customer_no,
        orders.day,
        orders.amount,
        orders.acquired_channel,
        orders.recorded_segment
    from orders
    semi join chosen on chosen.customer_no = orders.customer_no
),

known as (
    select
        cut.cutoff,
        lines.*,
        cut.cutoff - lines.day as days_ago,
        lines.amount > 0 as is_order
    from lines
    inner join (select unnest($cutoffs::date[]) as cutoff) as cut on lines.day <= cut.cutoff
),

final as (
    select
        cutoff,
        min(customer_id) as customer_id,
        count(*) filter (is_order) as orders,
        count(distinct day) filter (is_order) as order_days,
        count(*) filter (not is_order) as refunds,
        cast(sum(amount) filter (is_order) as double) as order_value,
        cast(sum(amount) as double) as revenue,
        cast(min(days_ago) filter (is_order) as double) as recency_days,
        cast(max(days_ago) filter (is_order) as double) as tenure_days,
        count(*) filter (is_order and days_ago < $days) as orders_lately,
        count(*) filter (is_order and days_ago between $days and 2 * $days - 1) as orders_before,
        -- the days that the forecast is about, one year earlier
        count(*) filter (is_order and days_ago between 365 - $days and 364) as orders_same_season,
        min(acquired_channel) as acquired_channel,
        substr(max(day::varchar || recorded_segment), 11) as segment,
        -- the latest day that each of them looks at; none may lie after the cut-off
        max(day) filter (is_order) as last_order_day,
        min(day) filter (is_order) as first_order_day,
        max(day) as last_row_day,
        max(day) filter (recorded_segment is not null) as segment_day
    from known
    group by cutoff, customer_no
    having count(*) filter (is_order) > 0
)

select * from final
order by cutoff, customer_id
