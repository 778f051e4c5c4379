-- one row per customer and thing that the books show of the flipped funnel: 10 got an incentive, 11 a referral bought
create or replace temp table funnel_books as
with referrals as (
    select referrer_id, referred_at as day, 10 as stage_no
    from referral_edges
    where reward_cost > 0
    union all
    select edges.referrer_id, friends.first_day, 11
    from referral_edges as edges
    inner join customers as friends on friends.customer_id = edges.referred_id
    where edges.credited
)
select customer_no as person_no, day, 10::utinyint as stage_no
from orders
where (incentive_cost > 0 or trigger is not null) and customer_no is not null
union all
select people.person_no, referrals.day, referrals.stage_no::utinyint
from referrals
inner join funnel_people as people on people.customer_id = referrals.referrer_id
