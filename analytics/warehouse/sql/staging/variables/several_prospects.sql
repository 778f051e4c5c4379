-- no table: whether more than one upload of prospects stands, so that one could correct another
set variable several_prospects = $several::boolean
