-- Amounts of code rows and of the totals above them, once per classification: a
-- row that prints a department and a government code counts under both, its
-- total and unit rows once. One row per cell and classification.
with

amounts as (

    select
        every_amount.*,
        continuations.first_table_id
    from {{ ref('int_amount') }} as every_amount
    left join {{ ref('int_table_continuation') }} as continuations
        on every_amount.source_table_id = continuations.source_table_id
    where
        every_amount.fact in ('functional', 'economic')
        or (every_amount.fact = 'revenue' and every_amount.family = 'revenue_code')

),

paired as (

    select * from {{ ref('int_row_resolution') }} where slot = 'paired'

),

main_rows as (

    select
        document_id,
        source_table_id,
        first_table_id,
        cell_id,
        row_number,
        column_number,
        pane_number,
        amount_yuan,
        half_unit_yuan,
        statement,
        stage,
        fiscal_year,
        scope,
        fact,
        side,
        row_role,
        label_kind,
        measure,
        fund,
        year_basis,
        phase,
        is_total_column,
        is_repeated,
        unit_row_number,
        unit_code,
        unit_name,
        is_of_other_unit,
        row_name,
        'main' as slot,
        classification,
        printed_code,
        printed_name,
        code_basis,
        resolved_code,
        resolved_name,
        tree_code,
        is_official,
        level
    from amounts

),

paired_rows as (

    select
        amounts.document_id,
        amounts.source_table_id,
        amounts.first_table_id,
        amounts.cell_id,
        amounts.row_number,
        amounts.column_number,
        amounts.pane_number,
        amounts.amount_yuan,
        amounts.half_unit_yuan,
        amounts.statement,
        amounts.stage,
        amounts.fiscal_year,
        amounts.scope,
        amounts.fact,
        amounts.side,
        amounts.row_role,
        amounts.label_kind,
        amounts.measure,
        amounts.fund,
        amounts.year_basis,
        amounts.phase,
        amounts.is_total_column,
        amounts.is_repeated,
        amounts.unit_row_number,
        amounts.unit_code,
        amounts.unit_name,
        amounts.is_of_other_unit,
        amounts.row_name,
        'paired' as slot,
        paired.classification,
        paired.printed_code,
        paired.printed_name,
        paired.code_basis,
        paired.resolved_code,
        paired.resolved_name,
        paired.tree_code,
        paired.is_official,
        paired.level
    from amounts
    inner join paired
        on
            amounts.source_table_id = paired.source_table_id
            and amounts.row_number = paired.row_number
            and amounts.pane_number = paired.pane_number
    where
        amounts.fact = 'economic'
        and amounts.row_role = 'code'
        and coalesce(paired.printed_code, paired.printed_name) is not null

)

select * from main_rows
union all
select * from paired_rows
