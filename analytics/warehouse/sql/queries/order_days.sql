-- grain: one row: the first and the last day on which anything was ordered or refunded (null without orders)
select min(day) as first_day, max(day) as last_day
from revenue_cube
