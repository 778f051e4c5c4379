-- one row per customer with an arm, tenure band, time since the first eligible touch and set of open offers: days, and
-- what was ordered on them
create or replace table programme_days as
with known as (
    select max(day) as last_day from orders
),
touches as (
    select
        people.customer_no,
        touched.day,
        1::bigint << touched.programme_no as programme_bit,
        spans.open_days,
        touched.day - lag(touched.day) over next_to as days_since,
        lead(touched.day) over next_to - touched.day as days_until
    from programme_touches as touched
    inner join programme_people as people on people.customer_no = touched.customer_no
    inner join programme_spans as spans on spans.programme_no = touched.programme_no
    where touched.is_treated is not null
    window next_to as (partition by people.customer_no, touched.programme_no order by touched.day)
),
bands as (
    select unnest([183, 365, 730]) as days
),
ages as (
    select unnest([56, 112, 182, 280, 420]) as days
),
-- whatever happens on a day: offers open (+) and close (-), a customer grows older, orders, brings friends
happenings as (
    select customer_no, day, programme_bit as change, 0 as orders, null as margin, null as amount, 0 as friends
    from touches
    where days_since is null or days_since >= open_days
    union all
    select customer_no, day + open_days, -programme_bit, 0, null, null, 0
    from touches
    where days_until is null or days_until >= open_days
    union all
    select people.customer_no, people.first_day + bands.days, 0, 0, null, null, 0
    from programme_people as people
    cross join bands
    where people.first_day is not null
    union all
    select people.customer_no, people.first_touch + ages.days, 0, 0, null, null, 0
    from programme_people as people
    cross join ages
    union all
    select people.customer_no, orders.day, 0, (orders.amount > 0)::integer, orders.margin, orders.amount, 0
    from programme_orders as orders
    inner join programme_people as people on people.customer_no = orders.customer_no
    union all
    select people.customer_no, edges.referred_at, 0, 0, null, null, 1
    from referral_edges as edges
    inner join programme_people as people on people.customer_id = edges.referrer_id
    where edges.credited
),
days as (
    select
        happenings.customer_no,
        happenings.day,
        sum(happenings.change)::bigint as change,
        sum(happenings.orders) as orders,
        sum(happenings.margin) as margin_given,
        sum(happenings.amount) filter (happenings.margin is null) as amount_without_margin,
        count(*) filter (happenings.margin is null and happenings.amount <> 0) as orders_without_margin,
        sum(happenings.friends) as friends
    from happenings
    cross join known
    inner join programme_people as people on people.customer_no = happenings.customer_no
    where happenings.day between people.first_touch and known.last_day
    group by all
),
stretches as (
    select
        days.* exclude (change),
        sum(change) over (partition by customer_no order by day)::bigint as open_set,
        lead(day, 1, known.last_day + 1) over (partition by customer_no order by day) - day as length
    from days
    cross join known
),
final as (
    select
        stretches.customer_no,
        case
            when people.first_day is null then 4
            when stretches.day - people.first_day < 183 then 0
            when stretches.day - people.first_day < 365 then 1
            when stretches.day - people.first_day < 730 then 2
            else 3
        end as tenure_band,
        case
            when stretches.day - people.first_touch < 56 then 0
            when stretches.day - people.first_touch < 112 then 1
            when stretches.day - people.first_touch < 182 then 2
            when stretches.day - people.first_touch < 280 then 3
            when stretches.day - people.first_touch < 420 then 4
            else 5
        end as age_band,
        stretches.open_set,
        sum(stretches.length) as days,
        sum(stretches.orders) as orders,
        coalesce(sum(stretches.margin_given), 0) as margin_given,
        coalesce(sum(stretches.amount_without_margin), 0) as amount_without_margin,
        sum(stretches.orders_without_margin) as orders_without_margin,
        sum(stretches.friends) as friends
    from stretches
    inner join programme_people as people on people.customer_no = stretches.customer_no
    group by all
)
select
    final.customer_no,
    people.treated_set,
    people.segment,
    people.region,
    people.acquired_channel,
    people.orders_before,
    final.* exclude (customer_no)
from final
inner join programme_people as people on people.customer_no = final.customer_no
