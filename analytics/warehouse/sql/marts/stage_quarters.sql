-- one row per quarter, segment, region, channel and set of flipped stages (bits): how many customers went through them
create or replace table stage_quarters as
with customers_of_quarter as (
    select person_no, 4 * year(day) + quarter(day) as quarter_no, bit_or(stages) as stages
    from customer_stage_days
    group by all
)
select
    make_date((quarter_no - 1) // 4, 3 * ((quarter_no - 1) % 4) + 1, 1) as quarter,
    people.segment,
    people.region,
    people.acquired_channel,
    stages,
    count(*) as people
from customers_of_quarter
left join funnel_people as people on people.person_no = customers_of_quarter.person_no
group by all
