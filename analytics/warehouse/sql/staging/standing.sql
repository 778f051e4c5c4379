-- one row per upload that stands, without those whose bytes a later upload reads anew with other answers
create or replace temp table standing as
select
    kind,
    seq,
    $directory || '/' || upload_id || '.parquet' as filename,
    first_line,
    one_row_per_key,
    replaces_period,
    period_first_day,
    period_last_day
from uploads
where stands
qualify seq = max(seq) over (partition by kind, sha256)
