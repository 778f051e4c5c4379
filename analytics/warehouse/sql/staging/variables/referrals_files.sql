-- no table: the files of referrals that stand, after one without rows that gives the columns
set variable referrals_files = $files::varchar[]
