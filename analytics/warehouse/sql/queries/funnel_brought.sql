-- grain: one row per quarter: new customers whom customers (of these groups) brought, and those brought after being asked
select
    cast(date_trunc('quarter', friends.action_day) as date) as quarter,
    count(*) as referred,
    count(*) filter (friends.asked) as referred_by_asked
from person_stages as friends
inner join person_stages as referrers on referrers.person_no = friends.referrer_no
where friends.action_day between $first_day and least($last_day, $as_of)
    and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], referrers.segment))
    and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], referrers.region))
    and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], referrers.acquired_channel))
group by all
order by quarter
