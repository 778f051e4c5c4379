-- one row per programme with arms: how long its offers are open, and how many customers its numbers are fitted to
create or replace table programmes as
select
    names.programme_no,
    names.programme,
    spans.by_friends,   -- judged by the friends it brings, not by its customers' own orders
    spans.redemptions,
    spans.open_days,
    (select count(*) from programme_people) as sampled,
    (select count(*) from programme_starts where programme_no = -1) as customers
from programme_names as names
inner join programme_spans as spans on spans.programme_no = names.programme_no
