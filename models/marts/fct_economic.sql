with

amounts as (

    select * from {{ ref('int_code_amount') }} where fact = 'economic'

),

leaves as (

    select * from {{ ref('int_code_leaf') }}

),

partners as (

    select
        cell_id,
        max(case when slot = 'main' then resolved_code end) as main_code,
        max(case when slot = 'paired' then resolved_code end) as paired_code
    from amounts
    group by cell_id

)

select
    {{ fact_columns() }},
    amounts.classification,
    coalesce(amounts.scope, 'all') as scope,
    amounts.level,
    amounts.resolved_code as economic_code,
    coalesce(amounts.resolved_name, amounts.printed_name) as economic_name,
    case amounts.slot when 'main' then partners.paired_code else partners.main_code end as paired_code,
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
inner join partners on amounts.cell_id = partners.cell_id
left join leaves
    on
        amounts.source_table_id = leaves.source_table_id
        and amounts.slot = leaves.slot
        and amounts.classification = leaves.classification
        and coalesce(amounts.unit_row_number, -1) = leaves.unit_key
        and amounts.tree_code = leaves.tree_code
