-- one row per customer and day with more than one order: how many more, and the money of those that are reorders
create or replace temp view same_day_orders as
with days as (
    select customer_no, day, count(*) - 1 as more
    from orders
    where amount > 0 and customer_no is not null
    group by customer_no, day
    having count(*) > 1
),
reorders as (
    -- apart, because sums for each of all the days would take as long as the rest
    select
        customer_no,
        day,
        sum(amount) as revenue,
        sum(margin) as margin,
        sum(amount) filter (margin is not null) as margin_revenue
    from orders
    semi join days using (customer_no, day)
    where amount > 0 and source = 'reorder'
    group by customer_no, day
)
select days.customer_no, days.day, days.more, reorders.revenue, reorders.margin, reorders.margin_revenue
from days
join reorders on reorders.customer_no = days.customer_no and reorders.day = days.day
