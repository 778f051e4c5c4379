-- no row: the columns of a staged referrals file
copy (
    select null::bigint as line, null::varchar as referral_id, null::varchar as referrer_id,
        null::date as referred_at, null::varchar as referred_id, null::varchar as kind, null::varchar as status,
        null::decimal(18, 4) as reward_cost, null::varchar as channel
    where false
) to $file (format parquet)
