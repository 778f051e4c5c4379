-- makes room for the settings as they are now
delete from settings
