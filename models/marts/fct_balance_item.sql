with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'balance_item'

)

select
    {{ fact_columns() }},
    amounts.pane_side as side,
    amounts.item,
    amounts.row_name as printed_name
from amounts
{{ fact_joins() }}
