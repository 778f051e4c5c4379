-- grain: one row per quarter: sums of powers over customers with revenue in the quarter before (y: what they brought
-- then, x: what they bring now, k: the part of y that was kept)
with
quarterly as (
    select
        customer_no,
        (12 * year(day) + month(day) - 1) // 3 as quarter,
        cast(sum(amount) as double) as revenue
    from orders
    where customer_no is not null
        and day between $previous_first and $last_day
        and (
            len($segments::varchar[]) + len($regions::varchar[]) + len($channels::varchar[]) = 0
            or customer_no in (
                select customer_no
                from customers
                where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
                    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
                    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
            )
        )
    group by all
),

pairs as (
    select
        base.quarter + 1 as quarter,
        base.revenue as y,
        coalesce(later.revenue, 0) as x,
        least(coalesce(later.revenue, 0), base.revenue) as k
    from quarterly as base
    left join quarterly as later
        on later.customer_no = base.customer_no and later.quarter = base.quarter + 1
    where base.revenue > 0
),

final as (
    select
        make_date(cast(quarter // 4 as integer), cast(3 * (quarter % 4) + 1 as integer), 1) as quarter,
        sum(x) as x, sum(y) as y, sum(k) as k,
        sum(x * x) as xx, sum(x * y) as xy, sum(y * y) as yy,
        sum(x * x * x) as xxx, sum(x * x * y) as xxy, sum(x * y * y) as xyy, sum(y * y * y) as yyy,
        sum(k * k) as kk, sum(k * y) as ky,
        sum(k * k * k) as kkk, sum(k * k * y) as kky, sum(k * y * y) as kyy
    from pairs
    group by quarter
)

select * from final
where quarter <= $last_day
order by quarter
