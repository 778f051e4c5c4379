-- one row per active referral, with what its date and its two people say about it
create or replace temp table referral_candidates as
with firsts as (
    select
        customer_id,
        first_sale.day as first_day,
        first_sale is null or coalesce(first_reorder_day < first_sale.day, false) as existing
    from first_orders
),
judged as (
    select
        referral.*,
        case
            when referral.referred_id = referral.referrer_id then 'self'
            when firsts.customer_id is null then null  -- has not bought (yet)
            when firsts.existing then 'existing customer'
            when referral.referred_at > firsts.first_day then 'too late'
            when referral.referred_at < firsts.first_day - $window_days::integer then 'expired'
        end as fault,
        firsts.customer_id is not null as bought
    from referrals_active as referral
    left join firsts on firsts.customer_id = referral.referred_id
)
select
    * exclude (bought),
    row_number() over (order by seq, line) as referral_no,  -- a referral_id may stand twice in one file
    case when bought and fault is null then row_number() over (
        partition by referred_id, bought and fault is null order by referred_at, referral_id, line
    ) end as rank
from judged
