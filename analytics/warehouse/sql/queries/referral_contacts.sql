-- grain: one row per asked customer who was contacted: the day of the newest contact (those held out were not contacted)
select customer_id, cast(max(touched_at) as date) as last_contact_day
from touchpoints
where list_contains($customers::varchar[], customer_id) and arm is distinct from 'holdout'
group by customer_id
