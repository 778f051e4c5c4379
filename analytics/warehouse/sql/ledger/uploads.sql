-- one row per upload ever committed, oldest first
select *
from uploads
order by seq
