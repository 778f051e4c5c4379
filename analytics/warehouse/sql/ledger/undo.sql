-- one upload no longer stands
update uploads
set stands = false, undone_at = $undone_at
where upload_id = $upload_id
