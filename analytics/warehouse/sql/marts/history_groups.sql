-- one row per source, acquiring channel, segment and region that customers have, with a number to stand for them
create or replace table history_groups as
with groups as (
    select distinct acquired_source, acquired_channel, segment, region
    from customers
    where first_day is not null
)
select
    cast(row_number() over (
        order by acquired_source, acquired_channel nulls last, segment nulls last, region nulls last
    ) - 1 as integer) as group_no,
    *
from groups
