-- no table: whether more than one upload of sales stands, so that one could correct another
set variable several_sales = $several::boolean
