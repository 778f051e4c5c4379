-- one row: a document as it is now
insert or replace into documents values ($kind, $name, $value, $revision, $kept_at)
