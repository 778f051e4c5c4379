-- one row per channel, segment, region, quarter and distance in quarters (1 or 4) to the one it is held against
create or replace table revenue_retention as
with quarterly as (
    select customer_no, month // 3 as quarter, sum(revenue)::decimal(18, 4) as revenue
    from customer_month
    group by all
),
bases as (
    -- only who brought money then can keep bringing it
    select channel, segment, region, quarter, count(*) as customers, sum(revenue) as revenue
    from quarterly
    inner join cohort_customers using (customer_no)
    where revenue > 0
    group by all
),
pairs as (
    select
        base.customer_no,
        later.quarter,
        later.quarter - base.quarter as quarters_before,
        later.revenue,
        least(later.revenue, base.revenue) as kept
    from quarterly as base
    inner join quarterly as later on later.customer_no = base.customer_no
    where base.revenue > 0 and later.quarter - base.quarter in (1, 4)
),
returns as (
    select
        channel,
        segment,
        region,
        quarter,
        quarters_before,
        count(*) filter (revenue > 0) as customers,
        sum(revenue) as revenue,  -- of the same customers
        sum(kept) as kept
    from pairs
    inner join cohort_customers using (customer_no)
    group by all
),
distances as (
    select unnest([1, 4]) as quarters_before, (select max(quarter) from quarterly) as last_quarter
)
select
    bases.channel,
    bases.segment,
    bases.region,
    make_date((bases.quarter + distances.quarters_before) // 4, 3 * ((bases.quarter + distances.quarters_before) % 4) + 1, 1) as quarter,
    distances.quarters_before,
    bases.customers as customers_before,
    coalesce(returns.customers, 0) as customers_now,
    bases.revenue as revenue_before,
    coalesce(returns.revenue, 0) as revenue_now,
    coalesce(returns.kept, 0) as revenue_kept
from bases
inner join distances on bases.quarter + distances.quarters_before <= distances.last_quarter
left join returns
    on returns.quarter = bases.quarter + distances.quarters_before
    and returns.quarters_before = distances.quarters_before
    and returns.channel is not distinct from bases.channel
    and returns.segment is not distinct from bases.segment
    and returns.region is not distinct from bases.region
