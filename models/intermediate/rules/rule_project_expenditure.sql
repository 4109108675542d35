-- 项目支出表的合计等于各支出表中的项目支出合计。
-- The total of a table of projects equals the total of project expenditure in each
-- functional table, for the same source of money and year basis.
with

compared_cells as (

    select * from {{ ref('int_compared_cell') }}

),

projects as (

    select
        amounts.*,
        amounts.document_id || '/' || compared_cells.compared_fund || '/' || amounts.phase
        || '/' || compared_cells.compared_basis as figure_key
    from {{ ref('int_amount') }} as amounts
    inner join compared_cells on amounts.cell_id = compared_cells.cell_id
    where
        amounts.fact = 'project'
        and amounts.measure = 'total'
        and amounts.row_role in ('total', 'grand_total', 'unit')

),

-- One figure a table: the total before a unit's row, the column of all money before
-- that of this year's.
project_totals as (

    select
        *,
        row_number() over (
            partition by source_table_id, figure_key
            order by
                case row_role when 'unit' then 1 else 0 end,
                row_number,
                case year_basis when 'all' then 0 else 1 end,
                column_number
        ) as total_rank
    from projects

),

functional_totals as (

    select
        code_amounts.*,
        code_amounts.document_id || '/' || compared_cells.compared_fund || '/' || code_amounts.phase
        || '/' || compared_cells.compared_basis as figure_key,
        row_number() over (
            partition by
                code_amounts.source_table_id, code_amounts.phase,
                compared_cells.compared_fund, compared_cells.compared_basis
            order by code_amounts.row_number, code_amounts.column_number
        ) as total_rank
    from {{ ref('int_code_amount') }} as code_amounts
    inner join compared_cells on code_amounts.cell_id = compared_cells.cell_id
    where
        code_amounts.fact = 'functional'
        and code_amounts.side = 'expenditure'
        and code_amounts.row_role = 'total'
        and code_amounts.measure = 'project'
        and not coalesce(code_amounts.is_of_other_unit, false)

),

pairs as (

    select
        project_totals.cell_id as total_cell_id,
        functional_totals.cell_id as term_cell_id,
        project_totals.statement,
        project_totals.figure_key || '/' || project_totals.source_table_id
        || '/' || functional_totals.source_table_id as identity_key
    from project_totals
    inner join functional_totals on project_totals.figure_key = functional_totals.figure_key
    where project_totals.total_rank = 1 and functional_totals.total_rank = 1

),

cells as (

    {% for table, role in (('project_totals', 'total'), ('functional_totals', 'term')) -%}
    select
        pairs.identity_key,
        {{ table }}.document_id,
        pairs.statement,
        'total' as subject_code,
        'project' as measure,
        {{ table }}.fund,
        {{ table }}.year_basis,
        {{ table }}.phase,
        {{ table }}.cell_id,
        '{{ role }}' as term_role,
        1 as sign,
        {{ table }}.amount_yuan,
        {{ table }}.half_unit_yuan
    from pairs
    inner join {{ table }} on pairs.{{ role }}_cell_id = {{ table }}.cell_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ rule_columns('project_expenditure', 'cells') }}
