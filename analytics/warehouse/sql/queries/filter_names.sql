-- grain: one row per name of a segment, region or acquiring channel that orders carry, in alphabetical order
with
names as (
    select distinct 'segment' as column_name, segment as name from revenue_cube
    union all
    select distinct 'region' as column_name, region as name from revenue_cube
    union all
    select distinct 'channel' as column_name, acquired_channel as name from customers
),

final as (
    select column_name, name
    from names
    where name is not null
    qualify row_number() over (partition by column_name order by name) <= $most
)

select * from final
order by column_name, name
