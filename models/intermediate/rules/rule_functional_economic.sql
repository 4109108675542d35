-- 功能分类与经济分类一致：基本支出（项目支出、全部支出）合计在两种分类下相等。
-- The total of an economic table equals the total of the same kind of
-- expenditure in the functional tables: basic, project, or all.
with

code_amounts as (

    select *
    from {{ ref('int_code_amount') }}
    where slot = 'main' and not coalesce(is_of_other_unit, false) and not coalesce(is_repeated, false)

),

parents as (

    select * from {{ ref('int_code_parent') }} where slot = 'main'

),

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

statements as (

    select * from {{ ref('statement') }}

),

keyed as (

    select
        code_amounts.*,
        parents.parent_code,
        statements.sort_order,
        case
            when code_amounts.fact = 'functional' or code_amounts.measure <> 'total'
                then code_amounts.measure
            when code_amounts.scope = 'all' then 'total'
            else code_amounts.scope
        end as kind,
        case when carryovers.has_carryover then code_amounts.year_basis else 'all' end
            as compared_basis
    from code_amounts
    inner join carryovers on code_amounts.document_id = carryovers.document_id
    inner join statements on code_amounts.statement = statements.statement
    left join parents
        on
            code_amounts.source_table_id = parents.source_table_id
            and code_amounts.classification = parents.classification
            and coalesce(code_amounts.unit_row_number, -1) = parents.unit_key
            and code_amounts.tree_code = parents.tree_code

),

figures as (

    select
        *,
        document_id || '/' || kind || '/' || fund || '/' || compared_basis || '/' || phase
            as figure_key
    from keyed

),

functional_totals as (

    select
        *,
        row_number() over (partition by figure_key order by sort_order desc, row_number) as total_rank
    from figures
    where fact = 'functional' and side = 'expenditure' and row_role = 'total'

),

economic_totals as (

    select
        *,
        row_number() over (
            partition by figure_key, source_table_id order by row_number
        ) as total_rank
    from figures
    where
        fact = 'economic'
        and row_role in ('total', 'grand_total')
        and coalesce(label_kind, '') = 'total'

),

-- A table without a total row is compared by its topmost codes.
economic_tops as (

    select figures.*
    from figures
    where
        figures.fact = 'economic'
        and figures.row_role = 'code'
        and figures.tree_code is not null
        and figures.parent_code is null
        and figures.source_table_id not in (
            select economic_totals.source_table_id from economic_totals
        )

),

economic_terms as (

    select figure_key, source_table_id, statement, classification, cell_id, measure, fund, year_basis, phase, amount_yuan, half_unit_yuan, document_id
    from economic_totals
    where total_rank = 1
    union all
    select figure_key, source_table_id, statement, classification, cell_id, measure, fund, year_basis, phase, amount_yuan, half_unit_yuan, document_id
    from economic_tops

),

cells as (

    select
        economic_terms.document_id,
        economic_terms.statement,
        'total' as subject_code,
        functional_totals.kind as measure,
        economic_terms.fund,
        economic_terms.year_basis,
        economic_terms.phase,
        economic_terms.cell_id,
        'term' as term_role,
        1 as sign,
        economic_terms.amount_yuan,
        economic_terms.half_unit_yuan,
        economic_terms.figure_key || '/' || economic_terms.source_table_id as identity_key
    from economic_terms
    inner join functional_totals
        on
            economic_terms.figure_key = functional_totals.figure_key
            and functional_totals.total_rank = 1

    union all

    select
        functional_totals.document_id,
        blocks.statement,
        'total' as subject_code,
        functional_totals.kind as measure,
        functional_totals.fund,
        functional_totals.year_basis,
        functional_totals.phase,
        functional_totals.cell_id,
        'total' as term_role,
        1 as sign,
        functional_totals.amount_yuan,
        functional_totals.half_unit_yuan,
        blocks.figure_key || '/' || blocks.source_table_id as identity_key
    from functional_totals
    inner join (
        select distinct figure_key, source_table_id, statement from economic_terms
    ) as blocks
        on functional_totals.figure_key = blocks.figure_key
    where functional_totals.total_rank = 1

)

{{ rule_columns('functional_economic', 'cells') }}
