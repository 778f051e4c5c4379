-- one row per row of spend that counts, with the upload and the line of the file that it is from
select
    uploads.upload_id, active.line,
    active.month, active.channel, active.amount, active.motion, active.stage
from spend_active as active
join uploads on uploads.seq = active.seq
order by uploads.seq, active.line
