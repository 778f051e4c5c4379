-- one row: this migration was applied
insert into schema_versions values ($version, $applied_at)
