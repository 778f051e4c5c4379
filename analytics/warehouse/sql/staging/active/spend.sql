-- one row per row of spend that counts: not corrected by a newer upload, not in a period replaced since
create or replace temp view spend_active as
select loaded.*
from spend_rows as loaded
left join spend_contested as contested on contested.month = loaded.month and contested.channel = loaded.channel
left join retired_days as retired on retired.seq = loaded.seq and retired.day = loaded.month
where (contested.newest is null or contested.newest = loaded.seq) and retired.day is null
