-- no row: the columns of a staged sales file
copy (
    select null::bigint as line, null::varchar as order_id, null::varchar as customer_id, null::date as order_date,
        null::decimal(18, 4) as amount, null::varchar as channel, null::decimal(18, 4) as margin,
        null::varchar as segment, null::varchar as region, null::varchar as product,
        null::varchar as campaign, null::varchar as rep_id, null::varchar as currency
    where false
) to $file (format parquet)
