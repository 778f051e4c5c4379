-- one row per scenario, plan or deck that somebody made; the newest state of each
create table documents (
    kind varchar not null,
    name varchar not null,
    value varchar,                     -- JSON; null: removed
    revision integer not null,         -- counts every change of any document
    kept_at timestamp not null,        -- UTC
    primary key (kind, name)
)
