-- grain: one row: how many contacts there are to read
select count(*) as contacts
from journey_contacts
