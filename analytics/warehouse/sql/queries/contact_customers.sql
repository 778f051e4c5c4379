-- grain: one row: how many customers there are, and how many contacts programmes made
select
    (select count(*) from customers) as customers,
    count(*) as contacts
from touchpoints
where list_contains($programmes::varchar[], lower(trim(channel)))
    and direction is distinct from 'inbound'
    and arm is distinct from 'holdout'
