-- one row per row of referrals that counts, with the upload and the line of the file that it is from
select
    uploads.upload_id, active.line,
    active.referral_id, active.referrer_id, active.referred_at, active.referred_id, active.kind,
    active.status, active.reward_cost, active.channel
from referrals_active as active
join uploads on uploads.seq = active.seq
order by uploads.seq, active.line
