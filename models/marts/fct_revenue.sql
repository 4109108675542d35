with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'revenue'

)

select
    {{ fact_columns() }},
    case when amounts.label_kind = 'total' and amounts.family = 'balance' then 'all' else amounts.fund end
        as revenue_source,
    case when amounts.classification = 'revenue' then amounts.resolved_code end as revenue_code,
    case when amounts.classification = 'revenue' then amounts.level end as level,
    amounts.row_name as printed_name
from amounts
{{ fact_joins() }}
