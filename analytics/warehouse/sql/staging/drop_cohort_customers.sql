-- no table: gives back its memory
drop table if exists cohort_customers
