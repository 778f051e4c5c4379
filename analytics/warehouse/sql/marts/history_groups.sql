-- one row per source, acquiring channel, segment and region that customers have, with a number to stand for them
create or replace table history_groups as
select distinct group_no, acquired_source, acquired_channel, segment, region
from customer_cohorts
where has_order
