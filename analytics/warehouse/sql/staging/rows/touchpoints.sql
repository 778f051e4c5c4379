-- one row per accepted row of a standing touchpoints upload
create or replace temp view touchpoints_rows as
select
    standing.seq,
    coalesce(file.line, standing.first_line + file.file_row_number) as line,
    file.customer_id, file.touched_at, file.channel, file.stage, file.direction, file.cost, file.arm
from read_parquet(
    getvariable('touchpoints_files'), union_by_name = true, filename = true, file_row_number = true
) as file
join standing on standing.filename = file.filename
