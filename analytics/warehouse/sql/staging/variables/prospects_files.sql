-- no table: the files of prospects that stand, after one without rows that gives the columns
set variable prospects_files = $files::varchar[]
