-- grain: one row per quarter and number of days until a customer's question was followed by a contact that the company
-- made (null: by none within $within days)
with
answers as (
    select customer_id, touched_at
    from touchpoints
    where direction = 'outbound' and arm is distinct from 'holdout'
),

-- a stage of the way to the first order is no dialogue; a contact without a stage may be one
questions as (
    select contact.customer_id, contact.touched_at, count(*) as questions
    from touchpoints as contact
    inner join customers
        on customers.customer_id = contact.customer_id
        and (customers.acquired_source = 'existing' or customers.first_day <= contact.touched_at)
    where contact.direction = 'inbound'
        and (contact.stage = 'dialogue' or contact.stage is null)
        and contact.touched_at between $first_day and $last_day
        and (len($segments::varchar[]) = 0 or list_contains($segments::varchar[], customers.segment))
        and (len($regions::varchar[]) = 0 or list_contains($regions::varchar[], customers.region))
        and (len($channels::varchar[]) = 0 or list_contains($channels::varchar[], customers.acquired_channel))
    group by contact.customer_id, contact.touched_at
),

answered as (
    select
        questions.customer_id,
        questions.touched_at,
        questions.questions,
        min(answers.touched_at) - questions.touched_at as days
    from questions
    left join answers
        on answers.customer_id = questions.customer_id
        and answers.touched_at between questions.touched_at and questions.touched_at + $within::integer
    group by questions.customer_id, questions.touched_at, questions.questions
),

final as (
    select
        cast(date_trunc('quarter', touched_at) as date) as quarter,
        days,
        cast(sum(questions) as bigint) as questions
    from answered
    group by all
)

select * from final
order by quarter, days
