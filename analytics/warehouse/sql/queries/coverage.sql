-- grain: one row per kind of export and month with rows: how many, and the first and last day that any of them has
with
days as (
    select case when source = 'reorder' then 'reorders' else 'sales' end as kind, day from orders
    union all
    select 'referrals' as kind, referred_at as day from referral_edges
    union all
    select 'spend' as kind, month as day from spend_months
    union all
    select 'touchpoints' as kind, touched_at as day from touchpoints
    union all
    select 'prospects' as kind, invited_at as day from prospects
),

final as (
    select
        kind,
        cast(date_trunc('month', day) as date) as month,
        count(*) as "rows",
        cast(min(day) as date) as first_day,
        cast(max(day) as date) as last_day
    from days
    where day is not null
    group by all
)

select * from final
order by kind, month
