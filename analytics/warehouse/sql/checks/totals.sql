-- one row: the revenue of the workspace, added up in five ways that must agree, and the orders in two
select
    (select coalesce(sum(amount), 0) from order_facts) as of_files,
    (select coalesce(sum(amount), 0) from orders) as of_orders,
    (select coalesce(sum(revenue), 0) from revenue_cube) as of_cube,
    (select coalesce(sum(amount), 0) from orders where source in ('new', 'referral', 'reorder', 'unknown')) as of_sources,
    (select coalesce(sum(revenue), 0) from customers)
    + (select coalesce(sum(amount), 0) from orders where customer_id is null) as of_customers,
    (select count(*) from order_facts) as orders_in_files,
    (select count(*) from orders) as orders
