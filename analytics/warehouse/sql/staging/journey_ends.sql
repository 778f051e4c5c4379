-- one row per contacted customer, kind of journey and day of its order: the orders of a day end one journey
create or replace temp table journey_ends as
with own as (
    select
        *,
        -- a refund belongs to its order, on whatever day it came
        case leads_to
            when 'first' then day
            else coalesce(
                min(day) filter (amount > 0) over (partition by customer_id, leads_to, order_id), day
            )
        end as end_day
    from journey_orders
    semi join journey_people on journey_people.customer_id = journey_orders.customer_id
    where getvariable('has_contacts')
),
ends as (
    select
        customer_id,
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
        min(acquired_channel) as acquired_channel,
        -- contacts are numbers that begin with their day; an order stands at place 9 of its day
        ((end_day - date '0001-01-01')::bigint << 24) | (9::bigint << 20) as cut
    from own
    group by customer_id, leads_to, end_day
)
select
    *,
    lag(cut, 1, 0) over (partition by customer_id, conversions > 0 order by end_day, leads_to) as previous_cut
from ends
