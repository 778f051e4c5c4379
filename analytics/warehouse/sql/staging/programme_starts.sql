-- one row per customer and programme with arms, and one per customer for any of them (-1): the first eligible touch
create or replace temp table programme_starts as
with by_programme as (
    select
        customer_no,
        programme_no,
        min(2 * (day - date '0001-01-01') + is_treated) as first_touch,  -- day and arm in one number
        coalesce(sum(cost) filter (is_treated = 1), 0) as touch_cost
    from programme_touches
    where programme_no is not null and is_treated is not null
    group by customer_no, programme_no
),
final as (
    select * from by_programme
    union all
    select customer_no, -1, min(first_touch), sum(touch_cost)
    from by_programme
    group by customer_no
)
select
    customer_no,
    programme_no,
    date '0001-01-01' + (first_touch // 2)::integer as day,
    first_touch % 2 = 1 as is_treated,
    touch_cost::decimal(18, 4) as touch_cost
from final
