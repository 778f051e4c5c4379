-- grain: one row per programme with a spend line: what was spent, over which months, and its direct cost for all customers
with
spent as (
    select
        lower(trim(channel)) as name,
        cast(sum(amount) as double) as spend,
        min(month) as first_month,
        max(month) as last_month
    from spend_months
    where motion = 'retention'
    group by 1
),

direct as (
    select name, cast(sum(touch_cost + incentive_cost + reward_cost) as double) as direct_cost
    from programme_offers
    where tenure_band is null
    group by name
),

final as (
    select spent.*, coalesce(direct.direct_cost, 0) as direct_cost
    from spent
    left join direct on direct.name = spent.name
)

select * from final
order by name
