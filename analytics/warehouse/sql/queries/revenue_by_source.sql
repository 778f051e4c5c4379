-- grain: one row per source of revenue
select source, sum(revenue) as revenue
from revenue_cube
group by source
order by source
