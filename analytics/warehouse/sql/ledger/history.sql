-- one row per upload ever committed, newest first, as people read it
select
    upload_id, loaded_at as "when", loaded_by as "by", file_name as file, kind, verdict, period,
    replaces_period as replaces, first_day, last_day, rows_read as "read", rows_accepted as accepted,
    rows_repaired as repaired, rows_set_aside as set_aside, amount, currency, answers, messages, sha256,
    size_bytes, is_sample, stands, undone_at
from uploads
order by seq desc
