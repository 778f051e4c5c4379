-- grain: one row: how many orders deal_values or deal_classes would look at
select cast(coalesce(sum(orders), 0) as bigint) as orders
from revenue_cube
where day between $first_day and $last_day
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
