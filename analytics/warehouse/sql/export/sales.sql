-- one row per row of sales that counts, with the upload and the line of the file that it is from
select
    uploads.upload_id, active.line,
    active.order_id, active.customer_id, active.order_date, active.amount, active.channel,
    active.margin, active.segment, active.region, active.product, active.campaign, active.rep_id,
    active.currency
from sales_active as active
join uploads on uploads.seq = active.seq
order by uploads.seq, active.line
