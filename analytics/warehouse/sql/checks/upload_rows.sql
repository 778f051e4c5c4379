-- one row: how many rows the stored file of one upload holds
select count(*) as rows
from read_parquet($file)
