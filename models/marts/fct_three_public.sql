with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'three_public'

)

select
    {{ fact_columns() }},
    amounts.item,
    cast(null as decimal(20, 4)) as quantity
from amounts
{{ fact_joins() }}
