-- no table: whether more than one upload of touchpoints stands, so that one could correct another
set variable several_touchpoints = $several::boolean
