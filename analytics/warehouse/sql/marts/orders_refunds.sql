-- adds to orders one row per refund and per order of no amount, with the source of the order it belongs to
insert into orders (
    order_id, customer_id, day, amount, margin, source, channel, acquired_channel, trigger, incentive_cost,
    segment, region, product, customer_no, customer_first_day, acquired_source,
    cohort_no
)
with refunds as (
    select * from order_facts where amount <= 0
),
same_order as (
    select orders.order_id, orders.customer_id, orders.source, orders.channel
    from orders
    semi join refunds on refunds.order_id = orders.order_id and refunds.customer_id = orders.customer_id
    qualify row_number() over (partition by orders.order_id, orders.customer_id order by orders.day) = 1
),
lone as (
    select refunds.*
    from refunds
    anti join same_order on same_order.order_id = refunds.order_id and same_order.customer_id = refunds.customer_id
    where refunds.customer_id is not null
),
history as (
    select customer_id, day, order_id, 0 as later, struct_pack(source := source, channel := channel) as origin
    from orders
    where customer_id in (select customer_id from lone)
    union all
    select distinct customer_id, day, order_id, 1 as later, null as origin
    from lone
),
order_before as (
    -- a running look back, not a join: a walk-in customer's thousand refunds would meet its million orders
    select
        customer_id, day, order_id, later,
        last_value(origin ignore nulls) over (
            partition by customer_id order by day, later, order_id
            rows between unbounded preceding and current row
        ) as origin
    from history
)
select
    refunds.order_id,
    refunds.customer_id,
    refunds.day,
    refunds.amount,
    refunds.margin,
    case
        when refunds.customer_id is null then 'unknown'
        else coalesce(
            same_order.source,
            order_before.origin.source,
            case customers.acquired_source when 'existing' then 'reorder' else customers.acquired_source end
        )
    end as source,
    coalesce(refunds.channel, same_order.channel, order_before.origin.channel) as channel,
    customers.acquired_channel,
    refunds.trigger,
    refunds.incentive_cost,
    coalesce(refunds.segment, customers.segment) as segment,
    coalesce(refunds.region, customers.region) as region,
    refunds.product,
    customers.customer_no,
    customers.first_day as customer_first_day,
    customers.acquired_source,
    numbered.cohort_no
from refunds
left join same_order on same_order.order_id = refunds.order_id and same_order.customer_id = refunds.customer_id
left join order_before
    on order_before.customer_id = refunds.customer_id
    and order_before.order_id = refunds.order_id
    and order_before.day = refunds.day
    and order_before.later = 1
left join known_customers as customers on customers.customer_id = refunds.customer_id
left join numbered_customers as numbered on numbered.customer_no = customers.customer_no
