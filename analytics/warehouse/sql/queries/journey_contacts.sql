-- grain: one row per contact and end of a journey of some people, by person and time; `event` ends in a number of 32 bits
select person, contact as event
from journey_contacts
where person between $lowest and $highest
union all
-- the number of a contact is that of its channel, the number of an end its place in the mart
select person, cut | (rowid - (select min(rowid) from journeys))
from journeys
where cut is not null and person between $lowest and $highest
order by person, event
