-- one row per customer and month with an order or a refund; months are counted from the year 0
create or replace temp table customer_month as
select
    customer_no,
    (12 * year(day) + month(day) - 1)::integer as month,
    min(cohort_no) as cohort_no,  -- the customer's
    count(*) filter (amount > 0)::integer as orders,
    sum(amount)::decimal(18, 4) as revenue,
    sum(margin)::decimal(18, 4) as margin_given,
    sum(amount) filter (margin is null)::decimal(18, 4) as amount_without_margin,
    count(*) filter (margin is null and amount <> 0)::integer as orders_without_margin,
    bit_or(1::integer << (day(day) - 1)::integer) filter (amount > 0) as days  -- with an order: a bit for each
from orders
where customer_no is not null
group by all
