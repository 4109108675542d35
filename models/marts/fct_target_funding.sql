with

amounts as (

    select * from {{ ref('int_target_amount') }}

)

select
    {{ fact_columns() }},
    amounts.project_code,
    amounts.project_name,
    amounts.payer,
    amounts.horizon
from amounts
{{ fact_joins() }}
