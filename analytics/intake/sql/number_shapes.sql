-- grain: one row per distinct text v of a money or number column (from cell_values), with how it is written
create or replace temp table number_shapes as
with folded as (
    -- an apostrophe in front is a spreadsheet's mark for text
    select v, n, record,
        translate(case when regexp_matches(v, '^[''’][-+(]?\D?[0-9]') then substr(v, 2) else v end, '０１２３４５６７８９．，－＋（）％＄￦￥٠١٢٣٤٥٦٧٨٩٫٬−–', '0123456789.,-+()%$₩¥0123456789.,--') as u
    from cell_values
),
unsigned as (
    select *,
        contains(u, '%') as percent,
        regexp_extract(u, '(?i)(₩|원|krw|\$|usd|us\$|€|eur|£|gbp|¥|円|jpy|元|cny|rmb|zł|pln|kč|czk|chf|sek|nok|dkk|inr|₹|aud|cad)', 1) as sign,
        trim(regexp_replace(u, '(?i)(₩|원|krw|us\$|\$|usd|€|eur|£|gbp|¥|円|jpy|元|cny|rmb|zł|pln|kč|czk|chf|sek|nok|dkk|inr|₹|aud|cad)', '', 'g')) as w
    from folded
),
split as (
    select *,
        regexp_matches(w, '^-|-$|^\(.*\)$') as negative,
        regexp_full_match(w, '[-+]?\s*[^-+()]+|[^-+()]+-|\(\s*[^-+()]+\)|[-+]?[0-9.,]+[eE][-+]?[0-9]+') as sound,
        regexp_full_match(w, '[-+]?\s*[0-9]+([.,][0-9]+)?[eE][-+]?[0-9]+') as scientific,
        trim(regexp_replace(w, '^[-+(\s]+|[-)\s]+$', '', 'g')) as body
    from unsigned
),
grouped as (
    select *,
        regexp_full_match(body, '[0-9]{1,3}([ ''’\x{202f}\x{2009}][0-9]{3})+([.,][0-9]+)?') as spaced
    from split
),
bare as (
    select *, case when spaced then regexp_replace(body, '[ ''’\x{202f}\x{2009}]', '', 'g') else body end as x
    from grouped
)
select v, n, record, sign, negative, x,
    case
        when percent then 'percent'
        when scientific then 'scientific'
        when not sound then 'bad'
        when regexp_full_match(x, '[0-9]+') then 'whole'
        when not spaced and regexp_full_match(x, '[1-9][0-9]{0,2},[0-9]{3}') then 'either_comma'
        when not spaced and regexp_full_match(x, '[1-9][0-9]{0,2}\.[0-9]{3}') then 'either_point'
        when regexp_full_match(x, '[0-9]*\.[0-9]+|[0-9]+\.|[0-9]{1,3}(,[0-9]{3})+\.[0-9]+|[0-9]{1,3}(,[0-9]{3}){2,}|[0-9]{1,2}(,[0-9]{2})+,[0-9]{3}(\.[0-9]+)?')
            then 'point'
        when regexp_full_match(x, '[0-9]*,[0-9]+|[0-9]+,|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+|[0-9]{1,3}(\.[0-9]{3}){2,}')
            then 'comma'
        else 'bad'
    end as family
from bare
