-- grain: one row per end of a journey that is asked for; number: as in journey_contacts.sql, null where nobody came along
select
    case when cut is not null then journeys.rowid - (select min(rowid) from journeys) end as number,
    has_order,
    end_day - date '0001-01-01' as end_day,
    conversions,
    revenue,
    margin_given,
    amount_without_margin,
    orders_without_margin,
    value_given,
    value_amount_without_margin,
    value_orders_without_margin,
    as_recorded.channel_no as recorded_no
from journeys
left join journey_channels as as_recorded on as_recorded.spelling = journeys.recorded
where leads_to = $leads_to
    and (not has_order or end_day between $first_day and $last_day)
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
