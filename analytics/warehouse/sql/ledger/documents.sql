-- one row per document, removed ones included, in the order of their last change
select kind, name, value, revision, kept_at
from documents
order by revision
