-- one row per month, channel or programme, motion and stage
select *
from spend_months
order by month, channel, motion, stage
