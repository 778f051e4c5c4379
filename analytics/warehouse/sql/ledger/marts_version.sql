-- one row: by which statements the marts were built; none before they were
select version
from marts_version
