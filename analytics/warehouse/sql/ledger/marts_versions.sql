-- no rows: makes the table that says by which statements the marts were built
create table if not exists marts_version (version varchar not null)
