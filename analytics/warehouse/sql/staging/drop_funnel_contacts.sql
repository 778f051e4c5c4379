-- gives back the memory of the contacts by stage
drop table funnel_contacts
