-- grain: one row per sales person and segment: what their customers did, as sums over customers of x (what counts), b
-- (what it is counted against) and their products; b of a count is the number of customers
with
mine as (
    select reps.rep_id, customers.customer_no, coalesce(customers.segment, '') as segment
    from customer_reps as reps
    inner join customers on customers.customer_id = reps.customer_id
    where (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], customers.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], customers.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], customers.acquired_channel))
),

-- one row per customer and quarter; quarters are counted from the year 0
quarterly as (
    select
        orders.customer_no,
        (12 * year(orders.day) + month(orders.day) - 1) // 3 as quarter,
        cast(sum(orders.amount) as double) as revenue,
        max(case when orders.amount > 0 then 1 else 0 end) as bought,
        max(case when orders.amount > 0 and orders.source = 'reorder' then 1 else 0 end) as came_back,
        cast(coalesce(sum(orders.margin), 0) as double)
        + coalesce(cast(sum(orders.amount) filter (orders.margin is null) as double) * $margin_rate::double, 0)
            as margin,
        max(case when orders.margin is null and orders.amount <> 0 then 1 else 0 end) as margin_missing
    from orders
    inner join mine on mine.customer_no = orders.customer_no
    where orders.day between $previous_first and $last_day
    group by all
),

kept as (
    select
        base.customer_no,
        sum(least(coalesce(later.revenue, 0), base.revenue)) as kept,
        sum(base.revenue) as brought
    from quarterly as base
    left join quarterly as later
        on later.customer_no = base.customer_no and later.quarter = base.quarter + 1
    where base.revenue > 0 and base.quarter < (12 * year($last_day::date) + month($last_day::date) - 1) // 3
    group by base.customer_no
),

bought as (
    select
        customer_no,
        max(bought) as bought,
        max(came_back) as came_back,
        sum(margin) as margin,
        max(case when $margin_rate::double is null then margin_missing else 0 end) as margin_missing
    from quarterly
    where quarter >= (12 * year($first_day::date) + month($first_day::date) - 1) // 3
    group by customer_no
),

told as (
    select customers.customer_no, count(*) as referrals
    from referral_edges as edge
    inner join customers on customers.customer_id = edge.referrer_id
    where edge.referred_at between $first_day and $last_day
        and (edge.fault is null or edge.fault not in ('self', 'cycle'))
    group by customers.customer_no
),

per_customer as (
    select
        mine.rep_id,
        mine.segment,
        coalesce(bought.bought, 0) as bought,
        coalesce(bought.came_back, 0) as came_back,
        coalesce(bought.margin, 0) as margin,
        coalesce(bought.margin_missing, 0) as margin_missing,
        coalesce(told.referrals, 0) as referrals,
        case when bought.customer_no is not null or told.customer_no is not null then 1 else 0 end as active,
        coalesce(kept.kept, 0) as kept,
        coalesce(kept.brought, 0) as brought
    from mine
    left join bought on bought.customer_no = mine.customer_no
    left join told on told.customer_no = mine.customer_no
    left join kept on kept.customer_no = mine.customer_no
),

final as (
    select
        rep_id,
        segment,
        cast(sum(active) as bigint) as customers,
        cast(sum(margin_missing) as bigint) as without_margin,
        sum(came_back)::double as repeat_x, sum(bought)::double as repeat_b, sum(came_back)::double as repeat_xx,
        sum(came_back)::double as repeat_xb, sum(bought)::double as repeat_bb,
        sum(kept) as kept_x, sum(brought) as kept_b, sum(kept * kept) as kept_xx, sum(kept * brought) as kept_xb,
        sum(brought * brought) as kept_bb,
        sum(referrals)::double as referrals_x, sum(active)::double as referrals_b,
        sum(referrals * referrals)::double as referrals_xx, sum(referrals)::double as referrals_xb,
        sum(active)::double as referrals_bb,
        sum(margin) as margin_x, sum(active)::double as margin_b, sum(margin * margin) as margin_xx,
        sum(margin) as margin_xb, sum(active)::double as margin_bb
    from per_customer
    group by rep_id, segment
)

select * from final
where customers > 0 or kept_b > 0
order by rep_id, segment
