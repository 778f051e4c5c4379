-- no table: gives back the memory of the largest temporary table of journeys
drop table if exists journey_people
