-- one row per programme that a staged file names; shape: the file without rows that gives it every column
select distinct "trigger" as name
from read_parquet([$shape, $file], union_by_name = true)
where "trigger" is not null
order by name
limit 8000  -- beyond that a column holds no categories
