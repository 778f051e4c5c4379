-- one row per row of sales that counts: not corrected by a newer upload, not in a period replaced since
create or replace temp view sales_active as
select loaded.*
from sales_rows as loaded
left join sales_contested as contested
    on contested.order_id = loaded.order_id and contested.seq = loaded.seq and contested.day = loaded.order_date
left join retired_days as retired on retired.seq = loaded.seq and retired.day = loaded.order_date
where contested.order_id is null and retired.day is null
