-- one row per person with contacts: all of them as sorted numbers (day, place within the day, channel_no)
create or replace temp table journey_people as
with contacts as (
    select
        customer_id,
        touched_at as day,
        channel,
        -- place 9 is an order's: what thanks and asks for an opinion comes after the order of the same day
        case stage
            when 'awareness' then 1 when 'interest' then 2 when 'desire' then 3 when 'action' then 4
            when 'dialogue' then 5 when 'incentivization' then 6 when 'activation' then 7
            when 'satisfaction' then 10 when 'acknowledgement' then 11 else 0
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
    contacts.customer_id,
    list_sort(list(
        ((contacts.day - date '0001-01-01')::bigint << 24)
        | (contacts.place::bigint << 20)
        | journey_channels.channel_no
    )) as contacts,
    bool_or(contacts.place in (5, 6, 7, 10, 11)) as is_customer  -- these stages are for who has bought before
from contacts
inner join journey_channels on journey_channels.spelling = contacts.channel
group by contacts.customer_id
