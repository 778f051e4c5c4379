-- one row per channel that a staged file names; shape: the file without rows that gives it every column
select distinct channel as name
from read_parquet([$shape, $file], union_by_name = true)
where channel is not null
order by name
limit 8000  -- beyond that a column holds no categories
