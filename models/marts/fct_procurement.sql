with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'procurement'

),

purchases as (

    select * from {{ ref('int_purchase') }}

)

select
    {{ fact_columns() }},
    amounts.item as category,
    purchases.purchase_name,
    purchases.catalogue_code,
    purchases.project_name,
    'table' as origin
from amounts
{{ fact_joins() }}
left join purchases
    on
        amounts.source_table_id = purchases.source_table_id
        and amounts.row_number = purchases.row_number
        and amounts.pane_number = purchases.pane_number
