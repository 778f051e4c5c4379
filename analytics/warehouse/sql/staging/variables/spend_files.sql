-- no table: the files of spend that stand, after one without rows that gives the columns
set variable spend_files = $files::varchar[]
