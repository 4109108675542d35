-- 政府收入合计：合计等于税收收入与非税收入之和，总计还包括转移性收入和债务收入。
-- Revenue by kind in a county's own budget: 合计 equals the topmost codes of 101 and
-- 103, 总计 all topmost codes with transfers and debt.
with

amounts as (

    select * from {{ ref('int_code_amount') }} where fact = 'revenue'

),

topmost as (

    select amounts.*
    from amounts
    inner join {{ ref('int_code_parent') }} as parents
        on
            amounts.source_table_id = parents.source_table_id
            and amounts.classification = parents.classification
            and coalesce(amounts.unit_row_number, -1) = parents.unit_key
            and amounts.tree_code = parents.tree_code
    where amounts.row_role = 'code' and parents.parent_code is null

),

totals as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }})
        || '/' || cast(row_number as {{ dbt.type_string() }}) as identity_key,
        'total' as term_role
    from amounts
    where row_role in ('total', 'grand_total')

),

terms as (

    select
        topmost.*,
        totals.identity_key,
        'term' as term_role
    from topmost
    inner join totals
        on
            topmost.source_table_id = totals.source_table_id
            and topmost.column_number = totals.column_number
    where
        totals.row_role = 'grand_total'
        or {{ regex_matches('topmost.tree_code', "'^10[13]'") }}

),

cells as (

    {{ both_sides("'total'") }}

)

{{ rule_columns('revenue_total', 'cells') }}
