-- no table: whether more than one upload of spend stands, so that one could correct another
set variable several_spend = $several::boolean
