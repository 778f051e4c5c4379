-- no table: the files of touchpoints that stand, after one without rows that gives the columns
set variable touchpoints_files = $files::varchar[]
