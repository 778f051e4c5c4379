-- one row per migration that was applied
create table if not exists schema_versions (
    version integer not null,
    applied_at timestamp not null
)
