-- one row per customer: who it is and how it was won; customers.sql adds what it ordered
create or replace temp table known_customers as
with judged as (
    select *, first_sale is null or coalesce(first_reorder_day < first_sale.day, false) as existing
    from first_orders
),
numbers as (
    select customer_id, cast(row_number() over (order by customer_id) as integer) as customer_no
    from first_orders
)
select
    numbers.customer_no,
    judged.customer_id,
    case when existing then least(first_sale.day, first_reorder_day) else first_sale.day end as first_day,
    case when existing then 'existing' when credit.referred_id is not null then 'referral' else 'new' end
        as acquired_source,
    case when not existing then first_sale.channel end as acquired_channel,
    segment,
    region,
    credit.referrer_id,
    case when not existing then first_sale.order_id end as first_order_id
from judged
inner join numbers on numbers.customer_id = judged.customer_id
left join referral_credits as credit on credit.referred_id = judged.customer_id
