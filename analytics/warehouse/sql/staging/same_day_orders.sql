-- one row per customer and day with more than one order: how many more, and the money of those that are reorders
create or replace temp view same_day_orders as
with days as (
    select customer_id, day, count(*) - 1 as more
    from orders
    where amount > 0 and customer_id is not null
    group by customer_id, day
    having count(*) > 1
),
reorders as (
    -- apart, because sums for each of all the days would take as long as the rest
    select
        customer_id,
        day,
        sum(amount) as revenue,
        sum(margin) as margin,
        sum(amount) filter (margin is not null) as margin_revenue
    from orders
    semi join days using (customer_id, day)
    where amount > 0 and source = 'reorder'
    group by customer_id, day
)
select days.customer_id, days.day, days.more, reorders.revenue, reorders.margin, reorders.margin_revenue
from days
join reorders on reorders.customer_id = days.customer_id and reorders.day = days.day
