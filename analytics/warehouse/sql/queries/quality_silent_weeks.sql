-- grain: one row per stretch of at least seven days without an order; found: how many there are in all
with
days as (
    select distinct day from revenue_cube where orders > 0
),

steps as (
    select day as until, lag(day) over (order by day) as since from days
)

select since as last_order, until as next_order, until - since - 1 as days_without, count(*) over () as found
from steps
where until - since > 7
order by days_without desc, since
limit $most
