-- gives back the memory of what the programmes' tables were made from
drop table if exists programme_names;
drop table if exists programme_customers;
drop table if exists programme_touches;
drop table if exists programme_orders;
drop table if exists programme_starts;
drop table if exists programme_people;
drop table if exists programme_spans;
