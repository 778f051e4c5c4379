-- the tables that are never rebuilt: uploads, remembered answers, settings
create table uploads (
    upload_id varchar not null,
    seq integer not null,
    loaded_at timestamp not null,      -- UTC
    loaded_by varchar not null,
    file_name varchar not null,        -- for people to read; never used as a path
    sha256 varchar not null,
    size_bytes bigint not null,
    kind varchar not null,
    verdict varchar not null,
    first_day date,
    last_day date,
    rows_read bigint not null,
    rows_accepted bigint not null,
    rows_repaired bigint not null,
    rows_set_aside bigint not null,
    amount decimal(38, 4),
    currency varchar,
    answers varchar not null,          -- JSON object: code of the question -> choice
    messages varchar not null,         -- JSON list
    headers_key varchar not null,
    period varchar,
    period_first_day date,
    period_last_day date,
    replaces_period boolean not null,
    first_line bigint not null,        -- line of the first data row in the file as uploaded
    one_row_per_key boolean not null,
    is_sample boolean not null,
    parquet_sha256 varchar not null,
    parquet_bytes bigint not null,
    stands boolean not null,
    undone_at timestamp                -- UTC
);
create table remembered_answers (
    kind varchar not null,
    headers_key varchar not null,
    answers varchar not null           -- JSON object: code of the question -> choice
);
create table settings (
    name varchar not null,
    value varchar not null             -- JSON
);
