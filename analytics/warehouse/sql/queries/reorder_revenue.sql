-- grain: one row per month with days of the data: what existing customers bought, refunds included
select
    cast(date_trunc('month', day) as date) as month,
    cast(sum(revenue) filter (source = 'reorder') as double) as revenue
from revenue_cube
where day between $first_month and last_day($last_month::date)
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
group by all
order by month
