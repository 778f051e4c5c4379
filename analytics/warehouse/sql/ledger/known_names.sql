-- one row per column and spelling that the orders hold
select column_name, name
from known_names
order by column_name, name
limit 8000  -- beyond that a column holds no categories
