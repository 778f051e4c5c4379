-- grain: one row per quarter: what customers brought who had brought revenue one (or four) quarters before
with
chosen as (
    select *
    from revenue_retention
    where quarters_before = $quarters_before
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], channel))
),

final as (
    select
        quarter,
        sum(customers_before)::bigint as customers_before,
        sum(customers_now)::bigint as customers_now,
        sum(revenue_before) as revenue_before,
        sum(revenue_now) as revenue_now,
        sum(revenue_kept) as revenue_kept
    from chosen
    group by quarter
)

select * from final
order by quarter
