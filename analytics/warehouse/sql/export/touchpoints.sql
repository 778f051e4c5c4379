-- one row per row of touchpoints that counts, with the upload and the line of the file that it is from
select
    uploads.upload_id, active.line,
    active.customer_id, active.touched_at, active.channel, active.stage, active.direction,
    active.cost, active.arm
from touchpoints_active as active
join uploads on uploads.seq = active.seq
order by uploads.seq, active.line
