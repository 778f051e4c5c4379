-- no table: gives back its memory
drop table if exists known_customers
