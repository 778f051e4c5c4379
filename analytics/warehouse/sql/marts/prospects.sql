-- one row per social-selling contact
create or replace table prospects as
select * exclude (seq, line)
from prospects_active
