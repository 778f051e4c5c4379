-- grain: one row: how many offers were redeemed in the year to the last order, and what one cost on average
with
final as (
    select count(*) as offers, cast(avg(incentive_cost) as double) as cost_per_offer
    from orders
    where incentive_cost > 0 and day > (select max(day) from orders) - 365
)

select * from final
