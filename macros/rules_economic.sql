{# Codes of economic tables as a rule compares them: one row per cell of a code or total
   row, under the kind of expenditure that table and column say (合计 of a table of basic
   expenditure is `basic`), and the key of all it means but its code. #}
{% macro economic_figures() -%}
    select
        code_amounts.document_id,
        code_amounts.source_table_id,
        code_amounts.statement,
        code_amounts.cell_id,
        code_amounts.row_number,
        code_amounts.column_number,
        code_amounts.row_role,
        code_amounts.label_kind,
        code_amounts.slot,
        code_amounts.classification,
        code_amounts.tree_code,
        code_amounts.unit_row_number,
        code_amounts.scope,
        code_amounts.fund,
        code_amounts.year_basis,
        code_amounts.phase,
        code_amounts.amount_yuan,
        code_amounts.half_unit_yuan,
        case
            when code_amounts.measure <> 'total' then code_amounts.measure
            when code_amounts.scope = 'all' then 'total'
            else code_amounts.scope
        end as kind,
        code_amounts.document_id
        || '/' || compared_cells.compared_fund || '/' || compared_cells.compared_basis
        || '/' || code_amounts.phase as block_key
    from {{ ref('int_code_amount') }} as code_amounts
    inner join {{ ref('int_compared_cell') }} as compared_cells
        on code_amounts.cell_id = compared_cells.cell_id
    where
        code_amounts.fact = 'economic'
        and code_amounts.statement not in ('balance', 'appropriation_balance')
        and not coalesce(code_amounts.is_repeated, false)
        and not coalesce(code_amounts.is_of_other_unit, false)
{%- endmacro %}
