-- no table: gives back the memory of the largest temporary table
drop table if exists customer_totals
