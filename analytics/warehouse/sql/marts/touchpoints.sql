-- one row per contact with a prospect or customer
create or replace table touchpoints as
select customer_id, touched_at, channel, stage, direction, cost, arm
from touchpoints_active
