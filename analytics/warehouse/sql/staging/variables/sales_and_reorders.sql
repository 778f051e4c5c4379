-- no table: whether uploads of sales and of reorders stand, so that they could share orders
set variable sales_and_reorders = $both::boolean
