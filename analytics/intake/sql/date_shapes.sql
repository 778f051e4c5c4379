-- grain: one row per distinct text v of a day column (from cell_values), with how it is written and its parts
create or replace temp table date_shapes as
with folded as (
    select v, n, record,
        trim(regexp_replace(translate(v, '０１２３４５６７８９／．－：', '0123456789/.-:'), '(?i)^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+', '')) as u
    from cell_values
),
cut as (
    -- the clock time is dropped: the calendar day as written is kept
    select v, n, record,
        regexp_replace(u, '(?i)([t,\s]+|\s+)(오전|오후|am|pm|午前|午後|上午|下午)?\s*[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|kst|jst|cest|cet|eest|eet|west|wet|bst|ist|hkt|sgt|a[ec][sd]t|[ecmp][sd]t|uhr|[+-][0-9]{2}(:?[0-9]{2})?)?$', '') as u
    from folded
),
named as (
    select *,
        case
            when regexp_full_match(u, '[0-9]{4}([-/.])\s?[0-9]{1,2}[-/.]\s?[0-9]{1,2}\.?') then 'ymd'
            when regexp_full_match(u, '[0-9]{4}\s?[년年]\s?[0-9]{1,2}\s?[월月]\s?[0-9]{1,2}\s?[일日]') then 'ymd'
            when regexp_full_match(u, '(19|20|25)[0-9]{2}[01][0-9][0-3][0-9]') then 'compact'
            when regexp_full_match(u, '[0-9]{1,2}/\s?[0-9]{1,2}/\s?[0-9]{4}') then 'order4/'
            when regexp_full_match(u, '[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?[0-9]{4}') then 'order4.'
            when regexp_full_match(u, '[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}') then 'order4-'
            when regexp_full_match(u, '[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}') then 'order2/'
            when regexp_full_match(u, '[0-9]{1,2}\.\s?[0-9]{1,2}\.\s?[0-9]{2}\.?') then 'order2.'
            when regexp_full_match(u, '[0-9]{1,2}-[0-9]{1,2}-[0-9]{2}') then 'order2-'
            when regexp_full_match(u, '(?i)[0-9]{1,2}(st|nd|rd|th)?[\s./-]*(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\.?[\s,./-]*([0-9]{4}|[0-9]{2})') then 'day_month_name'
            when regexp_full_match(u, '(?i)(jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?|oct(ober)?|nov(ember)?|dec(ember)?)\.?\s+[0-9]{1,2}(st|nd|rd|th)?,?\s+[0-9]{4}') then 'month_name_day'
            when regexp_full_match(v, '[2-7][0-9]{4}(\.[0-9]+)?') then 'serial'
            when regexp_full_match(v, '[0-9]{10}') then 'epoch_s'
            when regexp_full_match(v, '[0-9]{13}') then 'epoch_ms'
            else 'bad'
        end as family
    from cut
),
parts as (
    select *,
        regexp_extract_all(u, '[0-9]+') as numbers,
        strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower(regexp_extract(regexp_replace(u, '(st|nd|rd|th)\b', ''), '[A-Za-z]{3}'))) as name_at
    from named
)
select v, n, record, family,
    try_cast(case family when 'compact' then left(u, 4) when 'month_name_day' then numbers[1] else numbers[1] end as int) as a,
    try_cast(case family when 'compact' then substr(u, 5, 2) else numbers[2] end as int) as b,
    try_cast(case family when 'compact' then substr(u, 7, 2) else numbers[3] end as int) as c,
    case when name_at % 3 = 1 then (name_at + 2) // 3 end as month_name,
    regexp_full_match(v, '[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]+)?') as iso
from parts
