-- no table: the files of sales that stand, after one without rows that gives the columns
set variable sales_files = $files::varchar[]
