-- one row per spelling of a channel or programme; spellings that differ by capitals only share their number
create or replace table journey_channels as
with spellings as (
    select distinct channel as spelling from touchpoints where channel is not null
    union
    select name from known_names where column_name in ('channel', 'trigger')
    union
    select 'referral'
)
select
    spelling,
    dense_rank() over (order by lower(trim(spelling)))::integer as channel_no,
    min(trim(spelling)) over (partition by lower(trim(spelling))) as name
from spellings
