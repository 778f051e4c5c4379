-- grain: one row per refund whose order is not there, newest first; found: how many there are in all
select
    refund.order_id, refund.customer_id, refund.day, refund.amount, refund.source, count(*) over () as found
from orders as refund
where refund.kind = 'refund'
    and not exists (
        select 1 from orders as bought
        where bought.kind = 'order' and bought.order_id = refund.order_id
            and bought.customer_id is not distinct from refund.customer_id
    )
order by refund.day desc, refund.order_id, refund.customer_id
limit $most
