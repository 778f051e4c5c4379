-- one row per setting that was ever changed
select name, value
from settings
