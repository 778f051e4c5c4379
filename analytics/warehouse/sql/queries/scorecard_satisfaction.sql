-- grain: one row per quarter: customers whose first $within days ended in it, and how many were satisfied by then, by
-- a contact of that stage and by a second order
with
judged as (
    select customer_no, customer_id, first_day, first_day + $within::integer as day
    from customers
    where acquired_source <> 'existing'
        and first_day + $within::integer between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], acquired_channel))
),

returned as (
    select distinct customer_no
    from orders
    where source = 'reorder'
        and amount > 0
        and day between customer_first_day and customer_first_day + $within::integer
        and customer_first_day + $within::integer between $first_day and $last_day
),

satisfied as (
    select distinct judged.customer_no
    from judged
    inner join touchpoints as contact
        on contact.customer_id = judged.customer_id
        and contact.touched_at between judged.first_day and judged.day
    where contact.stage = 'satisfaction'
),

final as (
    select
        cast(date_trunc('quarter', judged.day) as date) as quarter,
        count(*) as customers,
        count(returned.customer_no) as by_second_order,
        count(satisfied.customer_no) as by_stage
    from judged
    left join returned on returned.customer_no = judged.customer_no
    left join satisfied on satisfied.customer_no = judged.customer_no
    group by all
)

select * from final
order by quarter
