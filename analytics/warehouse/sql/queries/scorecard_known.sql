-- grain: one row: first and last day of referrals and of contacts (null without any), and what contacts and orders name
select
    (select min(referred_at) from referral_edges) as first_referral,
    (select max(referred_at) from referral_edges) as last_referral,
    (select min(touched_at) from touchpoints) as first_contact,
    (select max(touched_at) from touchpoints) as last_contact,
    (select count(*) from touchpoints where stage = 'satisfaction') > 0 as has_satisfaction,
    (select count(*) from customer_reps) > 0 as has_reps
