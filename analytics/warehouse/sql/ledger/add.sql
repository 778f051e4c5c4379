-- one new row in the ledger
insert into uploads values (
    $upload_id, $seq, $loaded_at, $loaded_by, $file_name, $sha256, $size_bytes, $kind, $verdict, $first_day, $last_day,
    $rows_read, $rows_accepted, $rows_repaired, $rows_set_aside, $amount, $currency, $answers, $messages, $headers_key,
    $period, $period_first_day, $period_last_day, $replaces_period, $first_line, $one_row_per_key, $is_sample,
    $parquet_sha256, $parquet_bytes, $stands, $undone_at
)
