-- grain: one row per programme with arms: how long its offers are open, and how many customers effects are fitted to
select programme_no, programme, lower(trim(programme)) as name, by_friends, redemptions, open_days, sampled, customers
from programmes
order by programme_no
