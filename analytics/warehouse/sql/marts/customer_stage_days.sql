-- one row per customer and day on which something of the flipped funnel happened; stages: bits of what it was
create or replace table customer_stage_days as
with happened as (
    select person_no, day, stage_no from funnel_contacts where stage_no >= 6
    union all
    select person_no, day, stage_no from funnel_books
)
select
    person_no,
    day,
    -- 1 acknowledgement, 2 dialogue, 4 incentivization, 8 activation; by the books: 16 incentive, 32 referral that bought
    cast(bit_or(1 << (stage_no - 6)) as utinyint) as stages
from happened
group by person_no, day
