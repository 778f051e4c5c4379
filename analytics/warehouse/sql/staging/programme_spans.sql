-- one row per programme: for how many days an offer is open, by how soon redeemed orders (or friends) followed a touch
create or replace temp table programme_spans as
with redeemed as (
    select people.customer_no, orders.programme_no, orders.day, false as is_friend
    from programme_orders as orders
    inner join programme_people as people on people.customer_no = orders.customer_no
    where orders.amount > 0 and orders.programme_no is not null
    union all
    select people.customer_no, names.programme_no, edges.referred_at, true
    from referral_edges as edges
    inner join programme_names as names on names.name = lower(trim(edges.channel)) and names.programme_no is not null
    inner join programme_people as people on people.customer_id = edges.referrer_id
),
kinds as (
    select programme_no, count(*) filter (is_friend) > count(*) filter (not is_friend) as by_friends
    from redeemed
    group by programme_no
),
events as (
    select people.customer_no, touches.programme_no, touches.day, touches.day as touched, null as is_friend
    from programme_touches as touches
    inner join programme_people as people on people.customer_no = touches.customer_no
    where touches.programme_no is not null and touches.is_treated = 1
    union all
    select customer_no, programme_no, day, null, is_friend from redeemed
),
lags as (
    select
        programme_no,
        is_friend,
        day - last_value(touched ignore nulls) over (
            partition by customer_no, programme_no
            order by day, is_friend is not null rows between unbounded preceding and current row
        ) as lag_days
    from events
),
spans as (
    select
        lags.programme_no,
        count(*) as redemptions,
        quantile_disc(lags.lag_days, 0.95) as lag_days
    from lags
    inner join kinds on kinds.programme_no = lags.programme_no and kinds.by_friends = lags.is_friend
    where lags.lag_days is not null
    group by lags.programme_no
)
select
    names.programme_no,
    coalesce(kinds.by_friends, false) as by_friends,
    coalesce(spans.redemptions, 0) as redemptions,
    case
        when spans.redemptions >= 20 then least(120, greatest(14, 7 * ceil((spans.lag_days + 1) / 7)))
        else 60
    end::integer as open_days
from programme_names as names
left join kinds on kinds.programme_no = names.programme_no
left join spans on spans.programme_no = names.programme_no
where names.programme_no is not null
