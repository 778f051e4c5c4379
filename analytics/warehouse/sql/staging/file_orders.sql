-- one row per order of one kind of file, where no file has more than one row per order
create or replace temp view file_orders as
select * exclude (line)
from order_lines
