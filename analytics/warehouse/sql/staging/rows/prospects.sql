-- one row per accepted row of a standing prospects upload
create or replace temp view prospects_rows as
select
    standing.seq,
    coalesce(file.line, standing.first_line + file.file_row_number) as line,
    file.prospect_id, file.rep_id, file.channel, file.invited_at, file.accepted_at,
    file.responded_at, file.met_at, file.budget, file.authority, file.need, file.timeline,
    file.research_minutes, file.customer_id, file.signal
from read_parquet(
    getvariable('prospects_files'), union_by_name = true, filename = true, file_row_number = true
) as file
join standing on standing.filename = file.filename
