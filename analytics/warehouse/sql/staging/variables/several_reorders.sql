-- no table: whether more than one upload of reorders stands, so that one could correct another
set variable several_reorders = $several::boolean
