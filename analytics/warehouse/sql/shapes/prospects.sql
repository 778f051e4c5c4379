-- no row: the columns of a staged prospects file
copy (
    select null::bigint as line, null::varchar as prospect_id, null::varchar as rep_id, null::varchar as channel,
        null::date as invited_at, null::date as accepted_at, null::date as responded_at, null::date as met_at,
        null::boolean as budget, null::boolean as authority, null::boolean as need, null::boolean as timeline,
        null::double as research_minutes, null::varchar as customer_id, null::varchar as signal
    where false
) to $file (format parquet)
