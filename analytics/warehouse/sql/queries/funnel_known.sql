-- grain: one row per stage that anything on file shows (by the books: incentive, friend bought), and its days
select stage, min(day) as first_day, max(day) as last_day
from stage_contacts
where stage is not null
group by stage
union all
select 'incentive', min(incentive_day), max(incentive_day)
from person_stages
where incentive_day is not null
having count(*) > 0
union all
select 'friend bought', min(friend_bought_day), max(friend_bought_day)
from person_stages
where friend_bought_day is not null
having count(*) > 0
order by stage
