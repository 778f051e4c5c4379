-- grain: one row per customer with an order: history and values as the lifetime models read them, what the first months
-- brought (null where they are not over, or the first order is not known), and the number among people of referrals
with followed as (
    select customer_id, first_day
    from customer_histories
    join history_groups using (group_no)
    where acquired_source <> 'existing' and $last_day - first_day >= $followed_days::integer - 1
),

brought as (
    select
        orders.customer_id,
        sum(amount) as revenue,
        sum(margin) as margin,
        sum(amount) filter (margin is not null) as margin_revenue,
        count(*) filter (amount > 0) as orders
    from orders
    join followed on followed.customer_id = orders.customer_id
    where orders.day - followed.first_day < $followed_days::integer
    group by orders.customer_id
)

select
    histories.customer_id,
    coalesce(people.person_no, -1) as person_no,
    histories.group_no as "group",
    cast($last_day - histories.first_day as integer) as T_days,
    histories.frequency,
    histories.recency_days,
    coalesce(histories.frequency_before, -1) as frequency_before,
    coalesce(histories.recency_days_before, 0) as recency_days_before,
    histories.repeat_days,
    cast(case
        when $in_margin
            then first_margin + (first_revenue - first_margin_revenue) * $margin_rate::decimal(9, 6)
        else first_revenue
    end as double) as first_value,
    cast(case
        when $in_margin
            then repeat_margin + (repeat_revenue - repeat_margin_revenue) * $margin_rate::decimal(9, 6)
        else repeat_revenue
    end as double) as repeat_value,
    cast(case
        when $in_margin then coalesce(brought.margin, 0)
            + (brought.revenue - coalesce(brought.margin_revenue, 0)) * $margin_rate::decimal(9, 6)
        else brought.revenue
    end as double) as followed_value,
    cast(brought.orders > 1 as double) as came_back
from customer_histories as histories
left join referral_people as people on people.customer_id = histories.customer_id
left join brought on brought.customer_id = histories.customer_id
