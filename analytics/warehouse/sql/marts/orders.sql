-- one row per order; refunds are added by orders_refunds.sql
create or replace table orders (
    order_id varchar using compression uncompressed,     -- ids hardly shrink, and trying to is half of the time
    customer_id varchar using compression uncompressed,  -- null: an order without a customer number
    day date,
    amount decimal(18, 4),
    margin decimal(18, 4) using compression uncompressed,  -- where it is null takes no room
    kind varchar generated always as (
        case when amount > 0 then 'order' when amount < 0 then 'refund' else 'nil' end
    ) virtual,
    source varchar,            -- new, referral, reorder or unknown
    channel varchar,           -- as recorded
    acquired_channel varchar,  -- of the customer's first order
    trigger varchar,
    incentive_cost decimal(18, 4) using compression rle,   -- few have one
    segment varchar,
    region varchar,
    product varchar,
    recorded_segment varchar,  -- as this order's own row has it: what could be known on its day; null in refunds
    customer_no integer,       -- these four are the customer's, so that no query over all orders need join
    customer_first_day date,
    acquired_source varchar,
    cohort_no integer          -- in customer_cohorts
);
insert into orders (
    order_id, customer_id, day, amount, margin, source, channel, acquired_channel, trigger, incentive_cost,
    segment, region, product, recorded_segment, customer_no, customer_first_day, acquired_source,
    cohort_no
)
select
    fact.order_id,
    fact.customer_id,
    fact.day,
    fact.amount,
    fact.margin,
    case
        when fact.customer_id is null then 'unknown'
        when fact.in_sales and fact.order_id = customers.first_order_id and fact.day = customers.first_day
            then customers.acquired_source
        else 'reorder'
    end as source,
    fact.channel,
    customers.acquired_channel,
    fact.trigger,
    fact.incentive_cost,
    coalesce(fact.segment, customers.segment) as segment,
    coalesce(fact.region, customers.region) as region,
    fact.product,
    fact.segment as recorded_segment,
    customers.customer_no,
    customers.first_day as customer_first_day,
    customers.acquired_source,
    customers.cohort_no
from order_facts as fact
left join (
    select customers.*, numbered.cohort_no
    from known_customers as customers
    inner join numbered_customers as numbered on numbered.customer_no = customers.customer_no
    -- there is no other source: without this filter the planner takes the orders, which have one too, for fewer than the
    -- customers, and holds all of them in memory
    where customers.acquired_source in ('new', 'referral', 'existing')
) as customers on customers.customer_id = fact.customer_id
where fact.amount > 0
