-- 同一来源的收入在收支总表、收入总表（合计行）、财政拨款收支总表中一致。
-- The revenue of a source (or all of it) is equal in the balance, in the total row of the
-- revenue statement and in the balance of fiscal appropriations.
with

amounts as (

    select * from {{ ref('int_amount') }}
    where
        measure = 'total'
        and not coalesce(is_repeated, false)
        and (
            (statement in ('balance', 'appropriation_balance') and fact = 'revenue')
            or (
                statement = 'revenue'
                and fact in ('revenue', 'functional')
                and family <> 'revenue_code'
                and row_role in ('total', 'grand_total')
            )
        )

),

compared_cells as (

    select * from {{ ref('int_compared_cell') }}

),

statements as (

    select * from {{ ref('statement') }}

),

keyed as (

    select
        amounts.*,
        statements.sort_order,
        amounts.fund as printed_as,
        amounts.document_id || '/' || compared_cells.compared_fund || '/' || amounts.phase
        || '/' || compared_cells.compared_basis as figure_key,
        row_number() over (
            partition by
                amounts.document_id, amounts.statement, amounts.fund, amounts.phase,
                compared_cells.compared_fund, compared_cells.compared_basis
            order by
                case amounts.row_role when 'grand_total' then 0 when 'total' then 1 else 2 end,
                amounts.row_number,
                amounts.column_number
        ) as line_rank
    from amounts
    inner join compared_cells on amounts.cell_id = compared_cells.cell_id
    inner join statements on amounts.statement = statements.statement

),

figures as (

    select
        *,
        row_number() over (
            partition by figure_key, source_table_id
            order by
                case row_role when 'grand_total' then 0 when 'total' then 1 else 2 end,
                row_number,
                column_number
        ) as voice,
        'total' as subject_code
    from keyed
    where line_rank = 1

),

pairs as (

    {{ pairs_between_tables('sort_order') }}

),

cells as (

    {{ cells_of_pairs() }}

)

{{ rule_columns('revenue_statement', 'cells') }}
