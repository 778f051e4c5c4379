-- one row per order number, upload and day whose rows no longer count, because a newer upload of sales has them
-- An upload that has the order itself corrects what older uploads with the order say of it. An upload with nothing but
-- a refund is a credit note: it takes nothing from the sale. A refund is corrected by a newer refund of its day.
create or replace temp table sales_contested as
with several as (
    select order_id
    from sales_rows
    where getvariable('several_sales')
    group by order_id
    having min(seq) < max(seq)
),
entries as (
    select
        order_id, seq, order_date as day,
        bool_or(amount < 0) as refunds,
        bool_and(amount < 0) as refunds_only,
        bool_or(bool_or(amount >= 0)) over (partition by order_id, seq) as has_order
    from sales_rows
    semi join several using (order_id)
    group by order_id, seq, order_date
),
newest as (
    select
        *,
        max(case when has_order then seq end) over (partition by order_id) as newest_order,
        max(case when refunds then seq end) over (partition by order_id, day) as newest_refund
    from entries
)
select order_id, seq, day
from newest
where (has_order and seq < newest_order) or (refunds_only and seq < newest_refund)
