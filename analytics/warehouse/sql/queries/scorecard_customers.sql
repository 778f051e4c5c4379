-- grain: one row per quarter: customers who bought, who came back, who were active (bought or referred) and who referred
with
-- quarters are counted from the year 0: a calendar function would take as long as all the rest
buyers as (
    select
        customer_no,
        (12 * year(day) + month(day) - 1) // 3 as quarter,
        max(case when source = 'reorder' then 1 else 0 end) as came_back
    from orders
    where amount > 0
        and customer_no is not null
        and day between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
    group by all
),

-- whoever refers themselves, or closes a ring, has told nobody; that a friend was late or known already is no fault
referrers as (
    select distinct
        customers.customer_no,
        (12 * year(edge.referred_at) + month(edge.referred_at) - 1) // 3 as quarter
    from referral_edges as edge
    inner join customers on customers.customer_id = edge.referrer_id
    where edge.referred_at between $first_day and $last_day
        and (edge.fault is null or edge.fault not in ('self', 'cycle'))
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], customers.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], customers.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], customers.acquired_channel))
),

counted as (
    select quarter, count(*) as bought, cast(sum(came_back) as bigint) as came_back
    from buyers
    group by quarter
),

-- of those who referred, the ones who bought as well are counted among the active only once
told as (
    select
        referrers.quarter, count(*) as referred, count(*) filter (buyers.customer_no is null) as did_not_buy
    from referrers
    left join buyers on buyers.customer_no = referrers.customer_no and buyers.quarter = referrers.quarter
    group by referrers.quarter
),

final as (
    select
        make_date(cast(quarter // 4 as integer), cast(3 * (quarter % 4) + 1 as integer), 1) as quarter,
        coalesce(counted.bought, 0) as bought,
        coalesce(counted.came_back, 0) as came_back,
        coalesce(counted.bought, 0) + coalesce(told.did_not_buy, 0) as active,
        coalesce(told.referred, 0) as referred
    from counted
    full join told using (quarter)
)

select * from final
order by quarter
