-- no table: gives back its memory
drop table if exists customer_quarter
