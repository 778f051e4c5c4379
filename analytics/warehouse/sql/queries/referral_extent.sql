-- grain: one row: how many referrals there are, and whether contacts are on file
select
    (select count(*) from referral_edges) as referrals,
    exists (select 1 from touchpoints) as has_contacts
