-- grain: one row per customer with what a year of his is worth, dearest first: a sample, or those silent for too long
with
chosen as (
    select
        customer_id,
        segment,
        region,
        acquired_channel,
        orders,
        first_day,
        last_day,
        $today - last_day as silent_days,
        case when orders > 2 then (last_day - first_day) / (orders - 1) else $usual_gap_days::double end as gap_days,
        cast(case
            when $by_revenue then revenue
            else coalesce(margin, 0) + $margin_rate::double * (revenue - coalesce(margin_revenue, 0))
        end as double) as money
    from customers
    where orders > 0
        and (hash(customer_id) >> 24) % 65536 < $share
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

final as (
    -- less than a year of a customer is taken as a year: one dear order is no income
    select *, money / greatest((last_day - first_day) / 365, 1) as value_per_year
    from chosen
    where not $only_silent or silent_days > gap_days
)

select * from final
order by value_per_year desc, customer_id
limit $most
