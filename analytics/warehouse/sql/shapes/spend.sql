-- no row: the columns of a staged spend file
copy (
    select null::bigint as line, null::date as month, null::varchar as channel, null::decimal(18, 4) as amount,
        null::varchar as motion, null::varchar as stage
    where false
) to $file (format parquet)
