-- one row per referral of a ring that was looked at singly: fault null = credited
create or replace temp table referral_ring_faults as
select unnest($referral_nos::bigint[]) as referral_no, unnest($faults::varchar[]) as fault
