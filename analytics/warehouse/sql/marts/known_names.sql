-- one row per column and spelling that the orders hold: the next file is held against them
create or replace table known_names as
select distinct 'channel' as column_name, recorded_channel as name from revenue_cube where recorded_channel is not null
union all
select distinct 'trigger', trigger from revenue_cube where trigger is not null
union all
select distinct 'segment', segment from revenue_cube where segment is not null
union all
select distinct 'region', region from revenue_cube where region is not null
