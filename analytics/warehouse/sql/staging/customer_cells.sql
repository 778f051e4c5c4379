-- one row per acquiring channel, segment and region that customers have, with the number that stands for them
create or replace temp view customer_cells as
select distinct cell_no, acquired_channel as channel, segment, region
from customer_cohorts
