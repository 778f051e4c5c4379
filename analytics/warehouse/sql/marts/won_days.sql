-- one row per acquiring channel, segment, region and day of the first order of customers won and not referred
create or replace table won_days as
select acquired_channel as channel, segment, region, first_day, count(*) as customers
from customers
where acquired_source = 'new'
group by all
