-- one row per row of prospects that counts: not corrected by a newer upload, not in a period replaced since
create or replace temp view prospects_active as
select loaded.*
from prospects_rows as loaded
left join prospects_contested as contested on contested.prospect_id = loaded.prospect_id
left join retired_days as retired on retired.seq = loaded.seq and retired.day = loaded.invited_at
where (contested.newest is null or contested.newest = loaded.seq) and retired.day is null
