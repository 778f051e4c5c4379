-- grain: one row per asked number of days: referred customers whose first so many days are over
select asked.days, count(customers.customer_id) as referred
from unnest($days::integer[]) as asked (days)
left join customers
    on customers.acquired_source = 'referral' and $last_day - customers.first_day >= asked.days - 1
group by asked.days
order by asked.days
