-- no table: the files of reorders that stand, after one without rows that gives the columns
set variable reorders_files = $files::varchar[]
