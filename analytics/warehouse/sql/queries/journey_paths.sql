-- grain: one row per distinct path of channel numbers within the look-back (and per their ages, where asked for)
with
chosen as (
    select *
    from journeys
    where leads_to = $leads_to
        and (has_order or not $with_ages)  -- ages matter where there is credit to hand out
        and (not has_order or end_day between $first_day and $last_day)
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

-- a journey without an order is cut into stretches as long as the look-back; before an order only the last one counts
stretches as (
    select
        *,
        unnest(range(case when has_order then 1 else ages_days[1] // ($look_back_days + 1) + 1 end)) as stretch
    from chosen
    where len(channels) > 0 and ages_days[1] > $look_back_days
),

trimmed as (
    select
        * exclude (stretch, channels, ages_days),
        len(list_filter(ages_days, lambda a: a // ($look_back_days + 1) > stretch)) as older,
        len(list_filter(ages_days, lambda a: a // ($look_back_days + 1) >= stretch)) as kept,
        channels[older + 1:kept] as channels,
        ages_days[older + 1:kept] as ages_days
    from stretches
),

within as (
    select * from chosen where len(channels) = 0 or ages_days[1] <= $look_back_days
    union all by name
    select * exclude (older, kept) from trimmed where has_order or kept > older
),

-- an order without a contact within the look-back has one step, as recorded; without a record it has none
stepped as (
    select
        within.* exclude (channels, ages_days),
        len(within.channels) = 0 and as_recorded.channel_no is not null as by_record,
        case when by_record then [as_recorded.channel_no] else within.channels end as channels,
        case when by_record then [0] else within.ages_days end as ages_days
    from within
    left join journey_channels as as_recorded on as_recorded.spelling = within.recorded
    where has_order or end_day - within.ages_days[-1] between $first_day and $last_day
),

final as (
    select
        channels,
        case when $with_ages then ages_days end as ages_days,
        sum(conversions) as conversions,
        count(*) filter (not has_order) as nulls,
        sum(revenue) as revenue,
        sum(margin_given) as margin_given,
        sum(amount_without_margin) as amount_without_margin,
        sum(orders_without_margin) as orders_without_margin,
        sum(value_given) as value_given,
        sum(value_amount_without_margin) as value_amount_without_margin,
        sum(value_orders_without_margin) as value_orders_without_margin,
        coalesce(sum(conversions) filter (by_record), 0) as conversions_by_record
    from stepped
    group by all
)

select *, hash(channels, ages_days) as place  -- to sort by: lists are slow to compare, and to carry along
from final
