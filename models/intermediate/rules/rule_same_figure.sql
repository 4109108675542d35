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

columns as (

    select distinct source_table_id, reading_number from {{ ref('int_column') }}

),

forms as (

    select forms.*
    from {{ ref('stg_column_form') }} as forms
    inner join columns
        on
            forms.source_table_id = columns.source_table_id
            and forms.reading_number = columns.reading_number

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

candidates as (

    select
        others.figure_key || '/' || firsts.cell_id || '/' || others.cell_id as identity_key,
        firsts.cell_id as first_cell_id,
        others.cell_id as other_cell_id,
        case when firsts.printed_as = others.printed_as then 1 else 0 end as is_alike,
        max(case when firsts.printed_as = others.printed_as then 1 else 0 end) over (
            partition by firsts.figure_key, firsts.source_table_id, others.source_table_id
        ) as has_alike
    from figures as firsts
    inner join figures as others
        on
            firsts.figure_key = others.figure_key
            and firsts.sort_order < others.sort_order
            and (
                firsts.printed_as = others.printed_as
                or (firsts.voice = 1 and others.voice = 1)
            )

),

-- Two tables are compared in one source where both print it.
between_tables as (

    select
        identity_key,
        first_cell_id,
        other_cell_id
    from candidates
    where is_alike = has_alike

),

-- What the header adds up is a sum of the row, not a copy.
within_rows as (

    select
        others.figure_key || '/' || firsts.cell_id || '/' || others.cell_id as identity_key,
        firsts.cell_id as first_cell_id,
        others.cell_id as other_cell_id
    from figures as firsts
    inner join figures as others
        on
            firsts.figure_key = others.figure_key
            and firsts.source_table_id = others.source_table_id
            and firsts.voice < others.voice
    where not exists (
        select 1
        from forms as first_forms
        inner join forms as other_forms
            on
                first_forms.source_table_id = other_forms.source_table_id
                and first_forms.form_number = other_forms.form_number
                and first_forms.term_role <> other_forms.term_role
        where
            first_forms.source_table_id = firsts.source_table_id
            and first_forms.column_number = firsts.column_number
            and other_forms.column_number = others.column_number
    )

),

pairs as (

    select * from between_tables
    union all
    select * from within_rows

),

cells as (

    select
        figures.*,
        pairs.identity_key,
        'total' as term_role,
        1 as sign
    from pairs
    inner join figures on pairs.other_cell_id = figures.cell_id

    union all

    select
        figures.*,
        pairs.identity_key,
        'term' as term_role,
        1 as sign
    from pairs
    inner join figures on pairs.first_cell_id = figures.cell_id

)

{{ rule_columns('same_figure', 'cells') }}
