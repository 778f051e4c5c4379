-- one row per channel, segment, region, quarter and distance in quarters (1 or 4) to the one it is held against
create or replace table revenue_retention as
with distances as (
    select unnest([1, 4]) as quarters_before, (select max(quarter) from customer_quarter) as last_quarter
),
bases as (
    -- only who brought money then can keep bringing it
    select cohorts.cell_no, base.quarter, count(*) as customers, sum(base.revenue) as revenue
    from customer_quarter as base
    inner join customer_cohorts as cohorts on cohorts.cohort_no = base.cohort_no
    where base.revenue > 0
    group by cohorts.cell_no, base.quarter
),
pairs as (
    select
        base.cohort_no,
        later.quarter,
        distances.quarters_before,
        later.revenue,
        least(later.revenue, base.revenue) as kept
    from customer_quarter as base
    cross join distances
    inner join customer_quarter as later
        on later.customer_no = base.customer_no
        and later.quarter = base.quarter + distances.quarters_before
    where base.revenue > 0
),
returns as (
    select
        cohorts.cell_no,
        pairs.quarter,
        pairs.quarters_before,
        count(*) filter (pairs.revenue > 0) as customers,
        sum(pairs.revenue) as revenue,  -- of the same customers
        sum(pairs.kept) as kept
    from pairs
    inner join customer_cohorts as cohorts on cohorts.cohort_no = pairs.cohort_no
    group by cohorts.cell_no, pairs.quarter, pairs.quarters_before
)
select
    cells.channel,
    cells.segment,
    cells.region,
    make_date((bases.quarter + distances.quarters_before) // 4, 3 * ((bases.quarter + distances.quarters_before) % 4) + 1, 1) as quarter,
    distances.quarters_before,
    bases.customers as customers_before,
    coalesce(returns.customers, 0) as customers_now,
    bases.revenue as revenue_before,
    coalesce(returns.revenue, 0) as revenue_now,
    coalesce(returns.kept, 0) as revenue_kept
from bases
inner join distances on bases.quarter + distances.quarters_before <= distances.last_quarter
inner join customer_cells as cells on cells.cell_no = bases.cell_no
left join returns
    on returns.quarter = bases.quarter + distances.quarters_before
    and returns.quarters_before = distances.quarters_before
    and returns.cell_no = bases.cell_no
