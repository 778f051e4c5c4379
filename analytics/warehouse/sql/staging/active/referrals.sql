-- one row per row of referrals that counts: not corrected by a newer upload, not in a period replaced since
create or replace temp view referrals_active as
select loaded.*
from referrals_rows as loaded
left join referrals_contested as contested on contested.referral_id = loaded.referral_id
left join retired_days as retired on retired.seq = loaded.seq and retired.day = loaded.referred_at
where (contested.newest is null or contested.newest = loaded.seq) and retired.day is null
