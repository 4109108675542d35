with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'project'

)

select
    {{ fact_columns() }},
    amounts.project_code_text as project_code,
    case when amounts.row_role in ('code', 'subtotal') then coalesce(amounts.printed_project_name, amounts.row_name) end
        as project_name,
    amounts.project_type_text as project_type
from amounts
{{ fact_joins() }}
