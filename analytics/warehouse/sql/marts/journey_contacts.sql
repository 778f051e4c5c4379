-- one row per contact: a person and a number that sorts by day, place within the day and channel_no
create or replace table journey_contacts as
with contacts as (
    select
        customer_id,
        touched_at as day,
        channel,
        -- places 9 and 10 are an order's: what thanks and asks for an opinion comes after the order of the same day
        case stage
            when 'awareness' then 1 when 'interest' then 2 when 'desire' then 3 when 'action' then 4
            when 'dialogue' then 5 when 'incentivization' then 6 when 'activation' then 7
            when 'satisfaction' then 11 when 'acknowledgement' then 12 else 0
        end as place
    from touchpoints
    where arm is distinct from 'holdout'  -- left alone on purpose: nobody was contacted
    union all
    -- a credited referral is a contact also where nobody recorded it as one
    select referred_id, referred_at, 'referral', 8
    from referral_edges
    where getvariable('has_contacts') and credited and referred_id not in (
        select touched.customer_id
        from touchpoints as touched
        inner join customers on customers.customer_id = touched.customer_id
        where lower(trim(touched.channel)) = 'referral' and touched.touched_at <= customers.first_day
    )
)
select
    -- 64 bits stand for an id: that two of five million people share them happens once in a million companies
    hash(contacts.customer_id) as person,
    ((contacts.day - date '0001-01-01')::bigint << 36)
    | (contacts.place::bigint << 32)
    | journey_channels.channel_no as contact
from contacts
inner join journey_channels on journey_channels.spelling = contacts.channel
order by person, contact
