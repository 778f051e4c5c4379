-- grain: one row: sums of powers over customers (a: first orders that spend won, v: value that follows, r: retention's
-- margin, c: incentives), with how many customers bought and came back in the window and in the period before
with
won as (
    select customer_id, first_day
    from customers
    where acquired_source = 'new' and list_contains($paid::varchar[], acquired_channel)
),

-- months are counted by their numbers: a calendar function would take as long as all the rest
dated as (
    select
        orders.*,
        orders.day between $first_day and $last_day as in_window,
        orders.day between $previous_first and $previous_last as in_previous,
        orders.kind = 'order' as is_order,
        orders.source = 'new' and list_contains($paid::varchar[], orders.channel) as is_won,
        cast(coalesce(orders.margin, orders.amount * $margin_rate::double) as double) as money,
        won.first_day is not null as follows,
        12 * (year(orders.day) - year(won.first_day)) + month(orders.day) - month(won.first_day)
        - cast(day(orders.day) < day(won.first_day) as integer) as months_since_first_order,
        coalesce(won.first_day, orders.day) as first_day,
        $data_last + 1 as data_end
    from orders
    left join won on orders.customer_id = won.customer_id and orders.source = 'reorder'
    where orders.customer_id is not null
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], orders.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], orders.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], orders.acquired_channel))
),

lines as (
    select
        *,
        least(
            12 * (year(data_end) - year(first_day)) + month(data_end) - month(first_day)
            - cast(day(data_end) < day(first_day) as integer),
            len($weights::double[])
        ) as finished_months
    from dated
),

-- v of a customer: what one adds to the number won, and what the reorders were against those expected by their age
amounts as (
    select
        customer_id,
        case when in_window and is_won then money else 0 end as a,
        case when in_window and is_won and is_order then $value_per_customer::double else 0 end
        + case
            when follows and months_since_first_order between 0 and finished_months - 1
                then $customers_won::double * money * list_extract($weights::double[], months_since_first_order + 1)
            when is_won and is_order
                then -$customers_won::double * list_extract($expected::double[], finished_months + 1)
            else 0
        end as v,
        case when in_window and source in ('referral', 'reorder') then money else 0 end as r,
        case
            when in_window
                and incentive_cost is not null
                and ("trigger" is null or not list_contains($programmes::varchar[], "trigger"))
                then cast(incentive_cost as double)
            else 0
        end as c,
        case
            when is_order and in_window then if(source = 'reorder', 3, 1)
            when is_order and in_previous then if(source = 'reorder', 12, 4)
            else 0
        end as seen  -- bits: 1 bought, 2 came back, 4 bought before, 8 came back before
    from lines
    union all
    select referrer_id, 0, 0, 0, cast(reward_cost as double), 0
    from referral_edges
    where reward_cost <> 0
        and referred_at between $first_day and $last_day
        and (channel is null or not list_contains($programmes::varchar[], channel))
),

per_customer as (
    select customer_id, sum(a) as a, sum(v) as v, sum(r) as r, sum(c) as c, bit_or(seen) as seen
    from amounts
    group by customer_id
),

final as (
    select
        sum(a * a) as aa, sum(a * v) as av, sum(a * r) as ar, sum(a * c) as ac,
        sum(v * v) as vv, sum(v * r) as vr, sum(v * c) as vc,
        sum(r * r) as rr, sum(r * c) as rc, sum(c * c) as cc,
        sum(a * a * a) as aaa, sum(v * v * v) as vvv, sum(r * r * r) as rrr, sum(c * c * c) as ccc,
        sum(r * r * c) as rrc, sum(r * c * c) as rcc,
        count(*) filter (seen & 1 > 0) as bought, count(*) filter (seen & 2 > 0) as came_back,
        count(*) filter (seen & 4 > 0) as bought_before, count(*) filter (seen & 8 > 0) as came_back_before
    from per_customer
)

select * from final
