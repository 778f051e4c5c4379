-- one row per column and spelling that the orders hold: the next file is held against them
create or replace table known_names as
select distinct 'channel' as column_name, channel as name from orders where channel is not null
union all
select distinct 'trigger', trigger from orders where trigger is not null
union all
select distinct 'segment', segment from orders where segment is not null
union all
select distinct 'region', region from orders where region is not null
