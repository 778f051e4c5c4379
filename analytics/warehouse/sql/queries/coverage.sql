-- grain: one row per kind of export and month with rows: how many, and the first and last day that any of them has
with
days as (
    select case when source = 'reorder' then 'reorders' else 'sales' end as kind, day, "rows" from revenue_cube
    union all
    select 'referrals' as kind, referred_at as day, 1 as "rows" from referral_edges
    union all
    select 'spend' as kind, month as day, 1 as "rows" from spend_months
    union all
    select 'touchpoints' as kind, touched_at as day, 1 as "rows" from touchpoints
    union all
    select 'prospects' as kind, invited_at as day, 1 as "rows" from prospects
),

final as (
    select
        kind,
        cast(date_trunc('month', day) as date) as month,
        cast(sum("rows") as bigint) as "rows",
        cast(min(day) as date) as first_day,
        cast(max(day) as date) as last_day
    from days
    where day is not null
    group by all
)

select * from final
order by kind, month
