with

amounts as (

    select * from {{ ref('int_code_amount') }} where fact = 'functional' and slot = 'main'

),

leaves as (

    select * from {{ ref('int_code_leaf') }} where slot = 'main'

)

select
    {{ fact_columns() }},
    amounts.side,
    amounts.level,
    amounts.resolved_code as functional_code,
    coalesce(amounts.resolved_name, amounts.printed_name) as functional_name,
    amounts.printed_code,
    coalesce(amounts.printed_name, amounts.row_name) as printed_name,
    nullif(amounts.code_basis, 'unresolved') as code_basis,
    amounts.is_official,
    -- an amount printed twice in its row counts once
    case
        when amounts.row_role = 'code' and not coalesce(amounts.is_repeated, false)
            then coalesce(leaves.is_leaf, true)
        else false
    end as is_leaf
from amounts
{{ fact_joins() }}
left join leaves
    on
        amounts.source_table_id = leaves.source_table_id
        and amounts.classification = leaves.classification
        and coalesce(amounts.unit_row_number, -1) = leaves.unit_key
        and amounts.tree_code = leaves.tree_code
