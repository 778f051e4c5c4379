-- one row per upload ever committed, oldest first
select * exclude (messages)
from uploads
order by seq
