-- one row per row of prospects that counts, with the upload and the line of the file that it is from
select
    uploads.upload_id, active.line,
    active.prospect_id, active.rep_id, active.channel, active.invited_at, active.accepted_at,
    active.responded_at, active.met_at, active.budget, active.authority, active.need,
    active.timeline, active.research_minutes, active.customer_id, active.signal
from prospects_active as active
join uploads on uploads.seq = active.seq
order by uploads.seq, active.line
