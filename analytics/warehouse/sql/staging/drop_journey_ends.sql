-- no table: gives back the memory of the orders that journeys end with
drop table if exists journey_ends
