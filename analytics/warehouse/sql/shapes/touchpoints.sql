-- no row: the columns of a staged touchpoints file
copy (
    select null::bigint as line, null::varchar as customer_id, null::date as touched_at, null::varchar as channel,
        null::varchar as stage, null::varchar as direction, null::decimal(18, 4) as cost, null::varchar as arm
    where false
) to $file (format parquet)
