-- no table: whether more than one upload of referrals stands, so that one could correct another
set variable several_referrals = $several::boolean
