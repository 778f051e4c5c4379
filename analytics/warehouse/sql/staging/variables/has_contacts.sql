-- no table: whether there is any contact that can be part of a journey
set variable has_contacts = exists (select 1 from touchpoints where arm is distinct from 'holdout')
