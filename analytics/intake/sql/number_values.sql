-- grain: one row per distinct text v of a number column, with its value under the decimal sign $decimal
with read as (
    select v, family, negative,
        case
            when family = 'scientific' then try_cast(try_cast(replace(x, ',', '.') as double) as decimal(18, 4))
            when family in ('bad', 'percent') then null
            when $decimal = ',' then try_cast(replace(replace(x, '.', ''), ',', '.') as decimal(18, 4))
            else try_cast(replace(x, ',', '') as decimal(18, 4))
        end as size
    from number_shapes
)
select v,
    case when negative then -size else size end as value,
    case
        when family = 'percent' then 'E_NUMBER_UNIT'
        when family = 'bad' then 'E_NUMBER'
        when size is null then 'E_NUMBER_RANGE'
    end as fault,
    v is distinct from regexp_extract(v, '^-?[0-9]+(?:\.[0-9]{1,4})?$') as changed
from read
