-- one row: the money in the stored file of one upload (sales, reorders or spend)
select sum(amount) as amount
from read_parquet($file)
