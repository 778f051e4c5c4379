-- grain: one row per month, name and motion (null: of no spend, or only the analyst knows): spend, and, under null, new
-- customers who were not referred by their recorded channel
with
spend as (
    select month, channel as name, motion, sum(amount) as spend, 0 as customers
    from spend_months
    where month between $first_month and $last_month
    group by all
),

won as (
    select
        cast(date_trunc('month', day) as date) as month, recorded_channel as name, null as motion,
        0 as spend, sum(orders) as customers
    from revenue_cube
    where source = 'new' and day between $first_month and last_day($last_month::date)
    group by all
),

-- stacked, not joined: a name with two spellings or two motions would meet its customers twice
stacked as (
    select * from spend
    union all
    select * from won
),

final as (
    select month, name, motion, sum(spend) as spend, cast(sum(customers) as bigint) as customers
    from stacked
    group by all
)

select * from final
order by month, name nulls last, motion nulls last
