-- grain: one row per cut-off and customer who placed an order in the days after it: the outcome, never a feature
with
chosen as (
    select customer_no
    from customers
    where orders > 0 and (hash(customer_id) >> 24) % 65536 < $share
),

final as (
    select distinct cut.cutoff, orders.customer_id
    from orders
    semi join chosen on chosen.customer_no = orders.customer_no
    inner join (select unnest($cutoffs::date[]) as cutoff) as cut
        on orders.day > cut.cutoff and orders.day <= cut.cutoff + $days::integer
    where orders.amount > 0
)

select * from final
order by cutoff, customer_id
