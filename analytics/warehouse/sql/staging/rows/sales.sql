-- one row per accepted row of a standing sales upload
create or replace temp view sales_rows as
select
    standing.seq,
    coalesce(file.line, standing.first_line + file.file_row_number) as line,
    file.order_id, file.customer_id, file.order_date, file.amount, file.channel, file.margin,
    file.segment, file.region, file.product, file.campaign, file.rep_id, file.currency
from read_parquet(
    getvariable('sales_files'), union_by_name = true, filename = true, file_row_number = true
) as file
join standing on standing.filename = file.filename
