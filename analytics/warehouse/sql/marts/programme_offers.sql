-- one row per programme (by its name in small letters), customer group and tenure band (null: all of them): offers made
-- and redeemed, and what they cost
create or replace table programme_offers as
with friends as (
    select people.customer_no, names.name_no, edges.referred_at as day, edges.credited, edges.reward_cost
    from referral_edges as edges
    inner join programme_names as names on names.name = lower(trim(edges.channel))
    inner join programme_customers as people on people.customer_id = edges.referrer_id
),
-- flags: 1 an offer was made, 2 it was left out on purpose, 4 an offer was redeemed or a friend came
happenings as (
    select
        customer_no, name_no, day,
        if(offers > 0, 1, 0) + if(is_treated = 0, 2, 0) as flags,
        offers, cost as touch_cost,
        0 as redeemed, null as margin, null as amount, null as incentive_cost, 0 as friends, null as reward_cost
    from programme_touches
    union all
    select
        customer_no, name_no, day, if(amount > 0, 4, 0), 0, null,
        (amount > 0)::integer, margin, amount, incentive_cost, 0, null
    from programme_orders
    where name_no is not null
    union all
    select customer_no, name_no, day, if(credited, 4, 0), 0, null, 0, null, null, null, credited::integer, reward_cost
    from friends
),
dated as (
    select
        happenings.*,
        people.group_no,
        case
            when people.first_day is null then 4
            when happenings.day - people.first_day < 183 then 0
            when happenings.day - people.first_day < 365 then 1
            when happenings.day - people.first_day < 730 then 2
            else 3
        end as tenure_band
    from happenings
    inner join programme_customers as people on people.customer_no = happenings.customer_no
),
sums as (
    select
        name_no,
        group_no,
        tenure_band,
        sum(offers)::bigint as offers,
        sum(redeemed)::bigint as redeemed,
        sum(friends)::bigint as friends,
        coalesce(sum(margin), 0)::decimal(38, 4) as margin_given,
        coalesce(sum(amount) filter (margin is null), 0)::decimal(38, 4) as amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as orders_without_margin,
        coalesce(sum(touch_cost), 0)::decimal(38, 4) as touch_cost,
        coalesce(sum(incentive_cost), 0)::decimal(38, 4) as incentive_cost,
        coalesce(sum(reward_cost), 0)::decimal(38, 4) as reward_cost
    from dated
    group by grouping sets ((name_no, group_no, tenure_band), (name_no, group_no))
),
-- whoever had several offers is one customer: counted from one row per customer, not from the sums
by_band as (
    select customer_no, name_no, group_no, tenure_band, bit_or(flags) as flags
    from dated
    group by all
),
by_customer as (
    select * from by_band
    union all
    select customer_no, name_no, group_no, null, bit_or(flags)
    from by_band
    group by customer_no, name_no, group_no
),
counts as (
    select
        name_no,
        group_no,
        tenure_band,
        count(*) filter (flags & 1 = 1) as customers,
        count(*) filter (flags & 3 = 2) as customers_held_out,
        count(*) filter (flags & 4 = 4) as customers_redeemed,
        count(*) filter (flags & 5 = 5) as customers_offered_and_redeemed
    from by_customer
    group by all
),
groups as (
    select distinct group_no, segment, region, acquired_channel
    from programme_customers
)
select
    names.programme,
    names.name,
    groups.segment,
    groups.region,
    groups.acquired_channel,
    sums.* exclude (name_no, group_no),
    counts.* exclude (name_no, group_no, tenure_band)
from sums
inner join counts
    on counts.name_no = sums.name_no
    and counts.group_no = sums.group_no
    and counts.tenure_band is not distinct from sums.tenure_band
inner join programme_names as names on names.name_no = sums.name_no
inner join groups on groups.group_no = sums.group_no
