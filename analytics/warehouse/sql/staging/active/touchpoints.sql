-- one row per row of touchpoints that counts: not repeated in a newer upload, not in a period replaced since
create or replace temp view touchpoints_active as
select loaded.*
from touchpoints_rows as loaded
left join touchpoints_contested as contested
    on contested.customer_id = loaded.customer_id
    and contested.touched_at = loaded.touched_at
    and contested.channel = loaded.channel
    and contested.stage = coalesce(loaded.stage, '')
left join retired_days as retired on retired.seq = loaded.seq and retired.day = loaded.touched_at
where (contested.newest is null or contested.newest = loaded.seq) and retired.day is null
