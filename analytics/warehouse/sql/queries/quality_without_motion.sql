-- grain: one row per name of spend that belongs to neither side; found: how many there are in all
select
    channel, sum(amount) as amount, min(month) as first_month, max(month) as last_month, count(*) over () as found
from spend_months
where motion is null
group by channel
order by amount desc, channel
limit $most
