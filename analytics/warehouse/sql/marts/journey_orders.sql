-- a view, one row per order or refund and kind of journey that it counts in: a first order, or a reorder
create or replace view journey_orders as
with counted as (
    -- what a customer buys within twelve months is also worth something to the journey to the first order
    select
        orders.*,
        customers.first_day,
        customers.segment as customer_segment,
        customers.region as customer_region,
        coalesce(
            customers.acquired_channel, case customers.acquired_source when 'referral' then 'referral' end
        ) as won_by,
        unnest(case
            when orders.source <> 'reorder' then ['first']
            when customers.acquired_source <> 'existing' and orders.day < customers.first_day + interval 12 month
                then ['reorder', 'first']
            else ['reorder']
        end) as leads_to
    from orders
    inner join customers on customers.customer_id = orders.customer_id
    where orders.source <> 'unknown'
)
select
    customer_id,
    order_id,
    leads_to,
    case leads_to when 'first' then first_day else day end as day,
    (leads_to = 'first') = (source <> 'reorder') as ends_here,  -- else only its margin counts, as value
    amount,
    margin,
    case leads_to when 'first' then won_by else coalesce(trigger, channel) end as recorded,
    case when ends_here then segment else customer_segment end as segment,
    case when ends_here then region else customer_region end as region,
    acquired_channel
from counted
