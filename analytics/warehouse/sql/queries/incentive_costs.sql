-- grain: one row per quarter, kind of cost (incentive of a reorder, reward of a referral) and programme
with
incentives as (
    select day, 'incentive' as cost_kind, "trigger" as programme, incentive_cost as cost
    from revenue_cube
    where incentive_cost <> 0
),

rewards as (
    select referred_at as day, 'reward' as cost_kind, channel as programme, reward_cost as cost
    from referral_edges
    where reward_cost <> 0
),

costs as (
    select * from incentives
    union all
    select * from rewards
),

final as (
    select
        cast(date_trunc('quarter', day) as date) as quarter,
        cost_kind,
        programme,
        sum(cost) as cost
    from costs
    where day between $first_day and $last_day
    group by all
)

select * from final
order by quarter, cost_kind, programme nulls last
