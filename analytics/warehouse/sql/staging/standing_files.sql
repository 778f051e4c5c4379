-- one row per standing upload that is read, oldest first
select kind, filename, one_row_per_key
from standing
order by seq
