-- one row: the answers given for files of this kind with these headers
insert into remembered_answers values ($kind, $headers_key, $answers)
