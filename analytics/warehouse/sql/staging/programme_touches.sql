-- one row per customer, programme and day with a contact: offered, left alone on purpose, or (null) without an arm
create or replace temp table programme_touches as
with spellings as (
    select found.channel, names.name_no, names.programme_no
    from (select distinct channel from touchpoints) as found
    inner join programme_names as names on names.name = lower(trim(found.channel))
)
select
    people.customer_no,
    spellings.name_no,
    spellings.programme_no,
    touched.touched_at as day,
    -- both on one day: held out once is held out
    min(case touched.arm when 'holdout' then 0 when 'treated' then 1 end) as is_treated,
    count(*) filter (touched.arm is distinct from 'holdout') as offers,
    sum(touched.cost) filter (touched.arm is distinct from 'holdout') as cost
from touchpoints as touched
inner join spellings on spellings.channel = touched.channel
inner join programme_customers as people on people.customer_id = touched.customer_id
group by all
