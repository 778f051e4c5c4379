-- one row per customer, and one per course that people who never bought took, with their number: first days of stages
create or replace table person_stages (
    people bigint,
    person_no integer,
    acquired_channel varchar,
    segment varchar,
    region varchar,
    customer_since date,
    entry_day date,
    -- most people lack most of these days, which this compression writes in half the time
    awareness_day date using compression rle,
    interest_day date using compression rle,
    desire_day date using compression rle,
    action_day date,
    second_day date,
    satisfaction_day date using compression rle,
    acknowledgement_day date using compression rle,
    dialogue_day date using compression rle,
    incentivization_day date using compression rle,
    activation_day date using compression rle,
    incentive_day date using compression rle,
    friend_bought_day date using compression rle,
    referred_at date using compression rle,
    referrer_no integer using compression rle,
    asked boolean
);
insert into person_stages by name
with contacted as (
    select
        person_no,
        min(day) filter (stage_no = 1) as awareness_day,
        min(day) filter (stage_no = 2) as interest_day,
        min(day) filter (stage_no = 3) as desire_day,
        min(day) filter (stage_no = 5) as satisfaction_day,
        min(day) filter (stage_no = 6) as acknowledgement_day,
        min(day) filter (stage_no = 7) as dialogue_day,
        min(day) filter (stage_no = 8) as incentivization_day,
        min(day) filter (stage_no = 9) as activation_day,
        min(day) filter (stage_no >= 5) as customer_contact_day
    from funnel_contacts
    group by person_no
),
booked as (
    select
        person_no,
        min(day) filter (stage_no = 10) as incentive_day,
        min(day) filter (stage_no = 11) as friend_bought_day,
        min(day) as booked_day
    from funnel_books
    group by person_no
),
second_orders as (
    select customer_no, min(day) as second_day
    from orders
    where source = 'reorder' and amount > 0
    group by customer_no
),
friends as (
    select
        people.person_no,
        edges.referred_at,
        referrers.person_no as referrer_no,
        coalesce(contacted.activation_day <= edges.referred_at, false) as asked
    from referral_edges as edges
    inner join funnel_people as people on people.customer_id = edges.referred_id
    left join funnel_people as referrers on referrers.customer_id = edges.referrer_id
    left join contacted on contacted.person_no = referrers.person_no
    where edges.credited
),
unseen as (
    -- customers who appear in contacts or referrals only: who is thanked, or brings a friend, has bought before
    select person_no from contacted where customer_contact_day is not null
    union
    select person_no from booked
),
known as (
    select * from funnel_people where first_day is not null
    union all
    select people.*
    from funnel_people as people
    semi join unseen on unseen.person_no = people.person_no
    where people.first_day is null
),
customer_rows as (
    select
        1::bigint as people,
        known.person_no,
        known.acquired_channel,
        known.segment,
        known.region,
        -- since when somebody is known as a customer
        least(known.first_day, contacted.customer_contact_day, booked.booked_day) as customer_since,
        known.action_day as entry_day,
        contacted.awareness_day,
        contacted.interest_day,
        contacted.desire_day,
        known.action_day,
        case when known.action_day is not null then second_orders.second_day end as second_day,
        contacted.satisfaction_day,
        contacted.acknowledgement_day,
        contacted.dialogue_day,
        contacted.incentivization_day,
        contacted.activation_day,
        booked.incentive_day,
        booked.friend_bought_day,
        friends.referred_at,                     -- null: not referred
        friends.referrer_no,
        coalesce(friends.asked, false) as asked  -- the referrer had been contacted to do so by then
    from known
    left join contacted on contacted.person_no = known.person_no
    left join booked on booked.person_no = known.person_no
    left join second_orders on second_orders.customer_no = known.person_no
    left join friends on friends.person_no = known.person_no
),
strangers as (
    select
        count(*) as people,
        least(awareness_day, interest_day, desire_day) as entry_day,
        awareness_day,
        interest_day,
        desire_day
    from contacted
    where customer_contact_day is null
        and person_no not in (select person_no from known)
    group by all
)
select * from customer_rows
union all by name
select * from strangers
