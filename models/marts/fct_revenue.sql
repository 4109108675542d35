with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'revenue'

)

select
    {{ fact_columns() }},
    case when amounts.label_kind = 'total' and amounts.family = 'balance' then 'all' else amounts.fund end
        as revenue_source,
    cast(null as {{ dbt.type_string() }}) as revenue_code,
    amounts.row_name as printed_name
from amounts
{{ fact_joins() }}
