-- one row per kind and set of headers that answers are remembered for
select kind, headers_key, answers
from remembered_answers
