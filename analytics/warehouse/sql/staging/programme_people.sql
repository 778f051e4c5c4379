-- one row per customer with an eligible touch, of an even sample where there are very many: what effects are fitted to
create or replace temp table programme_people as
with size as (
    select count(*) as customers from programme_starts where programme_no = -1
),
chosen as (
    select starts.customer_no, starts.day
    from programme_starts as starts
    cross join size
    inner join programme_customers as people on people.customer_no = starts.customer_no
    where starts.programme_no = -1
        -- bits of the hash that a join does not use
        and (hash(people.customer_id) >> 24) % 65536 < 65536 * least(1, $most_customers / size.customers)
),
arms as (
    select starts.customer_no, sum(1 << starts.programme_no) filter (starts.is_treated) as treated_set
    from programme_starts as starts
    semi join chosen on chosen.customer_no = starts.customer_no
    where starts.programme_no >= 0
    group by starts.customer_no
),
before as (
    select chosen.customer_no, count(*) as orders_before
    from chosen
    inner join programme_orders as orders
        on orders.customer_no = chosen.customer_no
        and orders.day >= chosen.day - 365
        and orders.day < chosen.day
        and orders.amount > 0
    group by chosen.customer_no
)
select
    chosen.customer_no,
    people.customer_id,
    chosen.day as first_touch,
    people.segment,
    people.region,
    people.acquired_channel,
    people.first_day,
    coalesce(arms.treated_set, 0)::bigint as treated_set,
    coalesce(before.orders_before, 0) as orders_before
from chosen
inner join programme_customers as people on people.customer_no = chosen.customer_no
inner join arms on arms.customer_no = chosen.customer_no
left join before on before.customer_no = chosen.customer_no
