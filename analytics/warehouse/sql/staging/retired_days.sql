-- one row per standing upload and day that a later upload of the kind replaced
create or replace temp table retired_days as
select distinct
    older.seq,
    unnest(generate_series(
        newer.period_first_day::timestamp, newer.period_last_day::timestamp, interval 1 day
    ))::date as day
from standing as older
join standing as newer on newer.kind = older.kind and newer.seq > older.seq
where newer.replaces_period
