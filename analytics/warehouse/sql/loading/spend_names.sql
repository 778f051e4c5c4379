-- one row per name in a staged file of spend whose motion the file does not state
select distinct channel as name
from read_parquet([$shape, $file], union_by_name = true)
where motion is null and channel is not null
order by name
