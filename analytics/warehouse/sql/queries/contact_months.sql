-- one row per month and customer known at its beginning: whether a programme made contact in it, what was ordered in it,
-- and what was known before; of every n-th customer
with months as (
    select cast(month as date) as month, last_day(cast(month as date)) as ends
    from unnest(generate_series($first_month::timestamp, $last_month::timestamp, interval 1 month)) as m (month)
),

chosen as (
    select customer_id, customer_no, first_day, acquired_source, acquired_channel, segment, region
    from customers
    where customer_no % $every_nth = 0
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

contacted as (
    select chosen.customer_no, cast(date_trunc('month', touched_at) as date) as month
    from touchpoints
    inner join chosen on chosen.customer_id = touchpoints.customer_id
    where list_contains($programmes::varchar[], lower(trim(touchpoints.channel)))
        and touchpoints.direction is distinct from 'inbound'
        and touchpoints.arm is distinct from 'holdout'
    group by all
),

bought as (
    select
        chosen.customer_no,
        cast(date_trunc('month', orders.day) as date) as month,
        sum(coalesce(orders.margin, orders.amount * $margin_rate::decimal(9, 6))) filter (orders.source = 'reorder') as reorder_margin,
        sum(coalesce(orders.margin, orders.amount * $margin_rate::decimal(9, 6))) as margin,
        count(*) filter (orders.amount > 0) as orders,
        max(orders.day) filter (orders.amount > 0) as last_day
    from orders
    inner join chosen on chosen.customer_no = orders.customer_no
    where orders.day <= last_day($last_month::date)
    group by all
),

at_risk as (
    select chosen.*, months.month
    from chosen
    inner join months on chosen.first_day < months.month
),

seen as (
    select
        at_risk.customer_no,
        at_risk.month,
        coalesce(sum(bought.reorder_margin) filter (bought.month = at_risk.month), 0) as outcome,
        coalesce(sum(bought.orders) filter (bought.month < at_risk.month), 0) as orders_before,
        coalesce(sum(bought.margin) filter (bought.month < at_risk.month), 0) as margin_before,
        coalesce(sum(bought.orders) filter (bought.month = at_risk.month - interval 1 month), 0) as orders_month_1,
        coalesce(sum(bought.orders) filter (bought.month = at_risk.month - interval 2 months), 0) as orders_month_2,
        coalesce(sum(bought.orders) filter (bought.month = at_risk.month - interval 3 months), 0) as orders_month_3,
        max(bought.last_day) filter (bought.month < at_risk.month) as last_day_before
    from at_risk
    left join bought on bought.customer_no = at_risk.customer_no and bought.month <= at_risk.month
    group by all
)

select
    at_risk.customer_no,
    at_risk.month,
    contacted.customer_no is not null as treated,
    cast(seen.outcome as double) as outcome,
    seen.orders_before,
    cast(seen.margin_before as double) as margin_before,
    seen.orders_month_1,
    seen.orders_month_2,
    seen.orders_month_3,
    coalesce(cast(at_risk.month as date) - seen.last_day_before, 9999) as silent_days,
    cast(at_risk.month as date) - at_risk.first_day as tenure_days,
    at_risk.acquired_source,
    at_risk.acquired_channel,
    at_risk.segment,
    at_risk.region,
    before.customer_no is not null as treated_before
from at_risk
inner join seen on seen.customer_no = at_risk.customer_no and seen.month = at_risk.month
left join contacted on contacted.customer_no = at_risk.customer_no and contacted.month = at_risk.month
left join contacted as before
    on before.customer_no = at_risk.customer_no and before.month = at_risk.month - interval 1 month
order by at_risk.customer_no, at_risk.month
