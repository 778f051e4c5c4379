-- gives back the memory of the people's numbers
drop table funnel_people
