-- one row per order, refund or order of no amount: the journey that it ends, and whether anybody was contacted
create or replace temp view journey_orders as
select
    orders.customer_id,
    case orders.source when 'reorder' then 'reorder' else 'first' end as leads_to,
    orders.order_id,
    orders.day,
    orders.amount,
    orders.margin,
    -- as recorded: the channel of a first order, the programme of a reorder
    case
        when orders.source = 'reorder' then coalesce(orders.trigger, orders.channel)
        else coalesce(orders.channel, case orders.source when 'referral' then 'referral' end)
    end as recorded,
    orders.segment,
    orders.region,
    orders.acquired_channel,
    people.customer_id is not null as contacted
from orders
left join journey_people as people on people.customer_id = orders.customer_id
where orders.source <> 'unknown'
