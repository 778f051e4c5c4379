-- one row: the statements that built these marts
create or replace table marts_version as
select $version::varchar as version
