-- grain: one row per distinct text v of a day column, with its day under the orders in $orders (family -> order)
with placed as (
    select s.v, s.family, s.iso, s.a, s.b, s.c, s.month_name,
        coalesce(o.way, s.family) as way
    from date_shapes s
    left join date_orders o on o.family = s.family
),
numbered as (
    select v, family, iso, way, a,
        case way
            when 'ymd' then a when 'compact' then a when 'dmy' then c when 'mdy' then c
            when 'day_month_name' then b when 'month_name_day' then b end as y,
        case way
            when 'ymd' then b when 'compact' then b when 'dmy' then b when 'mdy' then a
            when 'day_month_name' then month_name when 'month_name_day' then month_name end as m,
        case way
            when 'ymd' then c when 'compact' then c when 'dmy' then a when 'mdy' then b
            when 'day_month_name' then a when 'month_name_day' then a end as d
    from placed
),
dated as (
    select v, family, iso,
        case
            when family = 'serial' then $serial_origin + cast(floor(try_cast(v as double)) as int)
            when family = 'epoch_s' then cast(date '1970-01-01' + cast(try_cast(v as bigint) // 86400 as int) as date)
            when family = 'epoch_ms' then cast(date '1970-01-01' + cast(try_cast(v as bigint) // 86400000 as int) as date)
            else try_cast(printf('%04d-%02d-%02d',
                (case when y < 70 then 2000 + y when y < 100 then 1900 + y else y end) - (case when y > 2400 then $era else 0 end),
                m, d) as date)
        end as value
    from numbered
)
select v, value, case when value is null then 'E_DATE' end as fault, not iso as changed
from dated
