-- 同一数字在不同报表中应当一致（同一科目、口径、资金、年度）；同一行内口径相同的两栏亦然。
-- The same figure in two tables of a document (same code, measure, fund, year basis
-- and phase) is equal; so are two columns of a row whose sources of money are the same
-- money in this document. A copy proves nothing, but it may contradict.
with

code_amounts as (

    select * from {{ ref('int_code_amount') }}
    where
        fact = 'functional'
        and side in ('revenue', 'expenditure')
        and row_role in ('code', 'total')
        and (row_role = 'total' or tree_code is not null)
        and slot = 'main'
        and not coalesce(is_of_other_unit, false)
        and not coalesce(is_repeated, false)

),

compared_cells as (

    select * from {{ ref('int_compared_cell') }}

),

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

statements as (

    select * from {{ ref('statement') }}

),

added_up as (

    {{ columns_added_up() }}

),

-- A budget that leaves nothing over spends all its revenue, code by code.
keyed as (

    select
        code_amounts.document_id,
        code_amounts.source_table_id,
        code_amounts.statement,
        code_amounts.cell_id,
        code_amounts.row_number,
        code_amounts.column_number,
        code_amounts.measure,
        code_amounts.fund,
        code_amounts.year_basis,
        code_amounts.phase,
        code_amounts.amount_yuan,
        code_amounts.half_unit_yuan,
        statements.sort_order,
        case code_amounts.row_role when 'code' then code_amounts.tree_code else 'total' end
            as subject_code,
        code_amounts.document_id
        || '/' || case code_amounts.row_role when 'code' then code_amounts.tree_code else 'total' end
        || '/' || code_amounts.measure || '/' || compared_cells.compared_fund
        || '/' || code_amounts.phase || '/' || compared_cells.compared_basis
        || case
            when code_amounts.stage = 'budget' and not carryovers.has_other_lines then ''
            else '/' || code_amounts.side
        end as figure_key,
        code_amounts.fund || '/' || code_amounts.side as printed_as
    from code_amounts
    inner join compared_cells on code_amounts.cell_id = compared_cells.cell_id
    inner join carryovers on code_amounts.document_id = carryovers.document_id
    inner join statements on code_amounts.statement = statements.statement

),

-- A code that one statement prints more than once is no single figure.
counted as (

    select
        *,
        count(*) over (partition by figure_key, statement, printed_as) as printed_count,
        max(row_number) over (partition by figure_key, statement)
        - min(row_number) over (partition by figure_key, statement) as row_span
    from keyed

),

-- Each table speaks once for all sources that are the same money, with its first column.
figures as (

    select
        *,
        row_number() over (
            partition by figure_key, source_table_id
            order by column_number, cell_id
        ) as voice
    from counted
    where printed_count = 1 and row_span = 0

),

between_tables as (

    {{ pairs_between_tables('sort_order') }}

),

within_rows as (

    {{ pairs_within_rows() }}

),

pairs as (

    select * from between_tables
    union all
    select * from within_rows

),

cells as (

    {{ cells_of_pairs() }}

)

{{ rule_columns('same_figure', 'cells') }}
