-- one row per accepted row of a standing spend upload
create or replace temp view spend_rows as
select
    standing.seq,
    coalesce(file.line, standing.first_line + file.file_row_number) as line,
    file.month, file.channel, file.amount, file.motion, file.stage
from read_parquet(
    getvariable('spend_files'), union_by_name = true, filename = true, file_row_number = true
) as file
join standing on standing.filename = file.filename
