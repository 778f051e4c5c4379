-- grain: one row per quarter of the first order, calendar months since the month of it, and that month, of some channels
select
    cast(date_trunc('quarter', cohort_month) as date) as cohort_quarter,
    cohort_month,
    12 * (year(month) - year(cohort_month)) + month(month) - month(cohort_month) as months_since_first_order,
    sum(customers) as customers,
    sum(margin_given) as margin_given,
    sum(amount_without_margin) as amount_without_margin,
    sum(orders_without_margin) as orders_without_margin
from cohort_cube
where cohort_month is not null
    and list_contains($won_channels::varchar[], channel)
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], channel))
group by all
order by cohort_month, months_since_first_order
