-- grain: one row: the first and the last month for which any spend is recorded (null without spend)
select min(month) as first_month, max(month) as last_month
from spend_months
