-- one row: a setting and its value as JSON
insert into settings values ($name, $value)
