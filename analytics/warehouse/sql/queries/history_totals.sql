-- grain: one row: customers of the groups, and how much revenue of theirs states no margin
select
    count(*) as customers,
    coalesce(sum(abs(first_revenue - first_margin_revenue) + abs(repeat_revenue - repeat_margin_revenue)), 0)
        as revenue_without_margin,
    coalesce(sum(first_margin + repeat_margin), 0) as margin,
    coalesce(sum(first_margin_revenue + repeat_margin_revenue), 0) as margin_revenue
from customer_histories
where list_contains($groups::integer[], group_no)
