-- one row per mart: its rows and a hash of them that does not depend on their order
select 'orders' as name, count(*) as rows, coalesce(sum(hash(t)::hugeint), 0)::varchar as hash from orders as t
union all
select 'customers', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from customers as t
union all
select 'referral_edges', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from referral_edges as t
union all
select 'revenue_cube', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from revenue_cube as t
union all
select 'cohort_cube', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from cohort_cube as t
union all
select 'revenue_retention', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from revenue_retention as t
union all
select 'customer_histories', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from customer_histories as t
union all
select 'spend_months', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from spend_months as t
union all
select 'touchpoints', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from touchpoints as t
union all
select 'journeys', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from journeys as t
union all
select 'prospects', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from prospects as t
union all
select 'won_days', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from won_days as t
union all
select 'reorder_months', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from reorder_months as t
union all
select 'customer_reps', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from customer_reps as t
union all
select 'programme_arms', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from programme_arms as t
union all
select 'person_stages', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from person_stages as t
union all
select 'stage_quarters', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from stage_quarters as t
union all
select 'stage_contacts', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from stage_contacts as t
union all
select 'referral_people', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from referral_people as t
union all
select 'customer_stage_days', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from customer_stage_days as t
union all
select 'history_groups', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from history_groups as t
union all
select 'journey_channels', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from journey_channels as t
union all
select 'journey_contacts', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from journey_contacts as t
union all
select 'known_names', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from known_names as t
union all
select 'marts_version', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from marts_version as t
union all
select 'programme_days', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from programme_days as t
union all
select 'programme_offers', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from programme_offers as t
union all
select 'programmes', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from programmes as t
union all
select 'customer_cohorts', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from customer_cohorts as t
union all
select 'order_reps', count(*), coalesce(sum(hash(t)::hugeint), 0)::varchar from order_reps as t
order by name
