-- one row per journey: contacts in order; without any, one row per day, record and group of the orders
create or replace table journeys as
with ordered as (
    select
        journey_ends.* exclude (customer_id),
        true as has_order,
        case
            when conversions > 0 then list_filter(people.contacts, lambda c: c > previous_cut and c < cut)
            else []
        end as contacts
    from journey_ends
    inner join journey_people as people on people.customer_id = journey_ends.customer_id
),
last_cuts as (
    select customer_id, max(cut) as cut
    from journey_ends
    where conversions > 0
    group by customer_id
),
without_order as (
    -- whatever came after the last order, and all that was tried on people who never bought
    select
        case when customers.customer_id is null and not people.is_customer then 'first' else 'reorder' end as leads_to,
        case
            when last_cuts.cut is null then people.contacts
            else list_filter(people.contacts, lambda c: c > last_cuts.cut)
        end as contacts,
        customers.segment,
        customers.region,
        customers.acquired_channel
    from journey_people as people
    left join last_cuts on last_cuts.customer_id = people.customer_id
    left join customers on customers.customer_id = people.customer_id
    where last_cuts.cut is null or people.contacts[-1] > last_cuts.cut
),
uncontacted as (
    select
        leads_to,
        day as end_day,
        recorded,
        segment,
        region,
        acquired_channel,
        count(*) filter (ends_here and amount > 0) as conversions,
        coalesce(sum(amount) filter (ends_here), 0) as revenue,
        coalesce(sum(margin) filter (ends_here), 0) as margin_given,
        coalesce(sum(amount) filter (ends_here and margin is null), 0) as amount_without_margin,
        count(*) filter (ends_here and margin is null and amount <> 0) as orders_without_margin,
        coalesce(sum(margin), 0) as value_given,
        coalesce(sum(amount) filter (margin is null), 0) as value_amount_without_margin,
        count(*) filter (margin is null and amount <> 0) as value_orders_without_margin
    from journey_orders
    anti join journey_people on journey_people.customer_id = journey_orders.customer_id
    where getvariable('has_contacts')  -- without contacts there is nothing to set these orders beside
    group by all
),
final as (
    select * exclude (cut, previous_cut) from ordered
    union all by name
    select
        *,
        date '0001-01-01' + (contacts[-1] >> 24)::integer as end_day,
        false as has_order, 0 as conversions,
        0 as revenue, 0 as margin_given, 0 as amount_without_margin, 0 as orders_without_margin,
        0 as value_given, 0 as value_amount_without_margin, 0 as value_orders_without_margin
    from without_order
    union all by name
    select *, true as has_order, []::bigint[] as contacts from uncontacted
)
select
    * exclude (contacts),
    list_transform(contacts, lambda c: (c & 1048575)::integer) as channels,
    list_transform(contacts, lambda c: (end_day - date '0001-01-01' - (c >> 24))::integer) as ages_days
from final
