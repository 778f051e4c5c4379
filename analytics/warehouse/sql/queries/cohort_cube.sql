-- grain: one row per channel, segment, region, cohort month and month of the customers won in the data
with
final as (
    select
        channel,
        segment,
        region,
        12 * year(cohort_month) + month(cohort_month) - 1 as cohort_month,
        12 * year(month) + month(month) - 1 as month,
        customers,
        last_seen,
        orders,
        revenue,
        margin_given,
        amount_without_margin,
        orders_without_margin
    from cohort_cube
    where cohort_month is not null
)

select * from final
order by channel nulls last, segment nulls last, region nulls last, cohort_month, month
