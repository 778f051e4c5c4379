-- no table: gives back its memory
drop table if exists first_orders
