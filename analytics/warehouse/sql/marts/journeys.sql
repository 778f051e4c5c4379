-- one row per end of a journey: a day with orders, or all that came after; of nobody contacted, per day and record
create or replace table journeys as
with dated as (
    select *, day as end_day from journey_ends where person is not null and leads_to = 'first'
    union all by name
    -- a refund belongs to its order, on whatever day it came
    select *, coalesce(min(day) filter (amount > 0) over (partition by person, order_id), day) as end_day
    from journey_ends
    where person is not null and leads_to = 'reorder'
),
ends as (
    select
        person,
        leads_to,
        end_day,
        count(*) filter (ends_here and amount > 0) as conversions,
        coalesce(sum(amount) filter (ends_here), 0) as revenue,
        coalesce(sum(margin) filter (ends_here), 0) as margin_given,
        coalesce(sum(amount) filter (ends_here and margin is null), 0) as amount_without_margin,
        count(*) filter (ends_here and margin is null and amount <> 0) as orders_without_margin,
        coalesce(sum(margin), 0) as value_given,
        coalesce(sum(amount) filter (margin is null), 0) as value_amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as value_orders_without_margin,
        min(recorded) filter (ends_here and amount > 0) as recorded,
        min(segment) filter (ends_here) as segment,
        min(region) filter (ends_here) as region,
        min(acquired_channel) as acquired_channel
    from dated
    group by person, leads_to, end_day
),
uncontacted as (
    select
        leads_to,
        day as end_day,
        recorded,
        segment,
        region,
        acquired_channel,
        count(*) filter (ends_here and amount > 0) as conversions,
        coalesce(sum(amount) filter (ends_here), 0) as revenue,
        coalesce(sum(margin) filter (ends_here), 0) as margin_given,
        coalesce(sum(amount) filter (ends_here and margin is null), 0) as amount_without_margin,
        count(*) filter (ends_here and margin is null and amount <> 0) as orders_without_margin,
        coalesce(sum(margin), 0) as value_given,
        coalesce(sum(amount) filter (margin is null), 0) as value_amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as value_orders_without_margin
    from journey_ends
    where person is null
    group by all
),
open_ends as (
    -- whatever came after the last order of a customer leads to none yet
    select contacted.person, 'reorder' as leads_to, customers.segment, customers.region, customers.acquired_channel
    from customers
    inner join contacted_customers as contacted on contacted.customer_id = customers.customer_id
),
final as (
    select
        *,
        true as has_order,
        -- an order stands among the contacts, at place 9 or 10 of its day
        case when conversions > 0 then
            ((end_day - date '0001-01-01')::bigint << 36)
            | (case leads_to when 'first' then 9 else 10 end::bigint << 32)
        end as cut
    from ends
    union all by name
    select *, true as has_order from uncontacted
    union all by name
    select
        *,
        false as has_order, 0 as conversions,
        0 as revenue, 0 as margin_given, 0 as amount_without_margin, 0 as orders_without_margin,
        0 as value_given, 0 as value_amount_without_margin, 0 as value_orders_without_margin,
        (1048575::bigint << 36) | (15::bigint << 32) as cut  -- after everything else
    from open_ends
)
select * from final
