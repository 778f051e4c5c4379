-- one row per accepted row of a standing referrals upload
create or replace temp view referrals_rows as
select
    standing.seq,
    coalesce(file.line, standing.first_line + file.file_row_number) as line,
    file.referral_id, file.referrer_id, file.referred_at, file.referred_id, file.kind, file.status,
    file.reward_cost, file.channel
from read_parquet(
    getvariable('referrals_files'), union_by_name = true, filename = true, file_row_number = true
) as file
join standing on standing.filename = file.filename
