-- one row per customer and quarter with an order or a refund; quarters are counted from the year 0
create or replace temp table customer_quarter as
select customer_no, month // 3 as quarter, min(cohort_no) as cohort_no, sum(revenue)::decimal(18, 4) as revenue
from customer_month
group by customer_no, quarter
