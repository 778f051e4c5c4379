-- makes room for newer answers for files of this kind with these headers
delete from remembered_answers
where kind = $kind and headers_key = $headers_key
