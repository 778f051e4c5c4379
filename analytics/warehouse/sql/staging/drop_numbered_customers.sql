-- no table: gives back its memory
drop table if exists numbered_customers
