-- grain: one row: sums of powers over customers (a: first orders that spend won, v: value that follows, r: retention's
-- margin, c: incentives), with how many customers bought and came back in the window and in the period before
with
-- months are counted by their numbers: a calendar function would take as long as all the rest
dated as (
    select
        *,
        day between $first_day and $last_day as in_window,
        day between $previous_first and $previous_last as in_previous,
        amount > 0 as is_order,
        source = 'new' and list_contains($paid::varchar[], channel) as is_won,
        cast(coalesce(margin, amount * $margin_rate::double) as double) as money,
        source = 'reorder' and acquired_source = 'new' and list_contains($paid::varchar[], acquired_channel)
            as follows,
        12 * (year(day) - year(customer_first_day)) + month(day) - month(customer_first_day)
        - cast(day(day) < day(customer_first_day) as integer) as months_since_first_order,
        if(source = 'reorder', customer_first_day, day) as first_day,
        $data_last + 1 as data_end
    from orders
    where customer_no is not null
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
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

-- a referrer who never ordered has no number of a customer's
rewards as (
    select
        coalesce(customers.customer_no, -dense_rank() over (order by edges.referrer_id)) as customer_no,
        cast(edges.reward_cost as double) as c
    from referral_edges as edges
    left join customers on customers.customer_id = edges.referrer_id
    where edges.reward_cost <> 0
        and edges.referred_at between $first_day and $last_day
        and (edges.channel is null or not list_contains($programmes::varchar[], edges.channel))
),

-- v of a customer: what one adds to the number won, and what the reorders were against those expected by their age
amounts as (
    select
        customer_no,
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
    select customer_no, 0, 0, 0, c, 0 from rewards
),

per_customer as (
    select customer_no, sum(a) as a, sum(v) as v, sum(r) as r, sum(c) as c, bit_or(seen) as seen
    from amounts
    group by customer_no
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
