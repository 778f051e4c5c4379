-- one row per row that was left out of one upload
select *
from read_parquet($file)
order by line
