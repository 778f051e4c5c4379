-- grain: one row: how many customers are known by the end of the days
select count(*) as customers
from person_stages
where customer_since <= $last_day
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
