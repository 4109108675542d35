-- 人员经费等于 301 与 303 类之和，公用经费等于 302、310 等类之和。
-- 人员经费 (公用经费) of a functional table equals the classes of that kind in the table of
-- basic expenditure (seed economic_class_measure), where that table has no such columns
-- itself; a county may draw the line between the two elsewhere.
with

economic_figures as (

    {{ economic_figures() }}

),

class_measures as (

    select * from {{ ref('economic_class_measure') }}

),

-- Tables that print 人员经费 and 公用经费 are compared column by column elsewhere.
split_tables as (

    select distinct source_table_id
    from economic_figures
    where kind in ('personnel', 'operating')

),

parents as (

    select * from {{ ref('int_code_parent') }} where slot = 'main'

),

functional_totals as (

    select
        code_amounts.*,
        code_amounts.document_id
        || '/' || compared_cells.compared_fund || '/' || compared_cells.compared_basis
        || '/' || code_amounts.phase as block_key,
        row_number() over (
            partition by
                code_amounts.source_table_id, code_amounts.measure, code_amounts.phase,
                compared_cells.compared_fund, compared_cells.compared_basis
            order by code_amounts.row_number, code_amounts.column_number
        ) as total_rank
    from {{ ref('int_code_amount') }} as code_amounts
    inner join {{ ref('int_compared_cell') }} as compared_cells
        on code_amounts.cell_id = compared_cells.cell_id
    where
        code_amounts.fact = 'functional'
        and code_amounts.side = 'expenditure'
        and code_amounts.row_role = 'total'
        and code_amounts.measure in ('personnel', 'operating')
        and not coalesce(code_amounts.is_of_other_unit, false)

),

-- The topmost codes of each kind, of one source of a table of basic expenditure.
tops as (

    select
        economic_figures.*,
        class_measures.measure,
        min(economic_figures.fund) over (
            partition by economic_figures.source_table_id, economic_figures.block_key
        ) as least_fund
    from economic_figures
    inner join parents
        on
            economic_figures.source_table_id = parents.source_table_id
            and economic_figures.classification = parents.classification
            and coalesce(economic_figures.unit_row_number, -1) = parents.unit_key
            and economic_figures.tree_code = parents.tree_code
    inner join class_measures
        on
            economic_figures.classification = class_measures.classification
            and economic_figures.tree_code like class_measures.class_code || '%'
    left join split_tables
        on economic_figures.source_table_id = split_tables.source_table_id
    where
        economic_figures.slot = 'main'
        and economic_figures.classification = 'department'
        and split_tables.source_table_id is null
        and economic_figures.scope = 'basic'
        and economic_figures.kind = 'basic'
        and economic_figures.row_role = 'code'
        and parents.parent_code is null

),

pairs as (

    select distinct
        functional_totals.cell_id as total_cell_id,
        tops.source_table_id,
        tops.block_key,
        tops.measure,
        tops.block_key || '/' || tops.measure || '/' || functional_totals.source_table_id
        || '/' || tops.source_table_id as identity_key
    from functional_totals
    inner join tops
        on
            functional_totals.block_key = tops.block_key
            and functional_totals.measure = tops.measure
    where functional_totals.total_rank = 1

),

cells as (

    select
        pairs.identity_key,
        functional_totals.document_id,
        functional_totals.statement,
        pairs.measure as subject_code,
        functional_totals.measure,
        functional_totals.fund,
        functional_totals.year_basis,
        functional_totals.phase,
        functional_totals.cell_id,
        'total' as term_role,
        1 as sign,
        functional_totals.amount_yuan,
        functional_totals.half_unit_yuan
    from pairs
    inner join functional_totals on pairs.total_cell_id = functional_totals.cell_id

    union all

    select
        pairs.identity_key,
        tops.document_id,
        tops.statement,
        pairs.measure as subject_code,
        functional_totals.measure,
        tops.fund,
        tops.year_basis,
        tops.phase,
        tops.cell_id,
        'term' as term_role,
        1 as sign,
        tops.amount_yuan,
        tops.half_unit_yuan
    from pairs
    inner join functional_totals on pairs.total_cell_id = functional_totals.cell_id
    inner join tops
        on
            pairs.source_table_id = tops.source_table_id
            and pairs.block_key = tops.block_key
            and pairs.measure = tops.measure
            and tops.fund = tops.least_fund

)

{{ rule_columns('personnel_operating', 'cells') }}
