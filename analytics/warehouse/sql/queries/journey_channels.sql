-- grain: one row per channel or programme that journeys know by a number
select distinct channel_no, name
from journey_channels
order by channel_no
