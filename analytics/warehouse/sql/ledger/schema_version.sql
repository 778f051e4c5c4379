-- one row: the number of the last migration that was applied
select max(version) as version
from schema_versions
