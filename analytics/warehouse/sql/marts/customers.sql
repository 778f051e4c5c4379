-- one row per customer
create or replace table customers (
    customer_id varchar using compression uncompressed,  -- ids hardly shrink, and trying to is half of the time
    first_day date,
    last_day date,
    acquired_source varchar,   -- new, referral or existing (a customer from before the data)
    acquired_channel varchar,
    segment varchar,
    region varchar,
    orders bigint,
    revenue decimal(38, 4),
    margin decimal(38, 4),          -- of the rows that state one
    margin_revenue decimal(38, 4),  -- revenue of those rows
    referrer_id varchar,
    first_order_id varchar using compression uncompressed,  -- of a customer won in the data
    customer_no integer        -- stands for customer_id where many are grouped or joined: in order of the ids
);
insert into customers
select
    known.customer_id,
    known.first_day,
    spans.last_day,
    known.acquired_source,
    known.acquired_channel,
    known.segment,
    known.region,
    spans.orders,
    spans.revenue,
    spans.margin,
    case when spans.margin is not null then spans.revenue - coalesce(spans.amount_without_margin, 0) end,
    known.referrer_id,
    known.first_order_id,
    known.customer_no
from known_customers as known
inner join customer_spans as spans on spans.customer_no = known.customer_no
