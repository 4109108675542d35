-- 功能分类与经济分类一致：基本支出（项目支出、全部支出）合计在两种分类下相等。
-- The total of an economic table equals the total of the same kind of expenditure in
-- each functional table: basic, project, or all.
{%- set columns = 'figure_key, source_table_id, statement, classification, document_id, cell_id, fund, year_basis, phase, amount_yuan, half_unit_yuan' %}
with

code_amounts as (

    select *
    from {{ ref('int_code_amount') }}
    where
        fact in ('functional', 'economic')
        and slot = 'main'
        and not coalesce(is_of_other_unit, false)
        and not coalesce(is_repeated, false)

),

parents as (

    select * from {{ ref('int_code_parent') }} where slot = 'main'

),

compared_cells as (

    select * from {{ ref('int_compared_cell') }}

),

figures as (

    select
        code_amounts.*,
        parents.parent_code,
        case
            when code_amounts.fact = 'functional' then code_amounts.measure
            else {{ economic_kind('code_amounts') }}
        end as kind,
        code_amounts.document_id
        || '/' || case
            when code_amounts.fact = 'functional' then code_amounts.measure
            else {{ economic_kind('code_amounts') }}
        end
        || '/' || compared_cells.compared_fund || '/' || compared_cells.compared_basis
        || '/' || code_amounts.phase as figure_key
    from code_amounts
    inner join compared_cells on code_amounts.cell_id = compared_cells.cell_id
    left join parents
        on
            code_amounts.source_table_id = parents.source_table_id
            and code_amounts.classification = parents.classification
            and coalesce(code_amounts.unit_row_number, -1) = parents.unit_key
            and code_amounts.tree_code = parents.tree_code

),

-- Each table speaks once, with its first total row and column; where panes of codes
-- print a total each, all of them together.
totals as (

    select
        *,
        row_number() over (
            partition by
                figure_key, source_table_id, classification,
                case when fact = 'economic' then pane_number end
            order by row_number, column_number
        ) as total_rank
    from figures
    where
        (fact = 'functional' and side = 'expenditure' and row_role = 'total')
        or (
            fact = 'economic'
            and row_role in ('total', 'grand_total')
            and coalesce(label_kind, '') = 'total'
        )

),

functional_totals as (

    select * from totals where fact = 'functional' and total_rank = 1

),

-- A table without a total row is compared by its topmost codes, of one source.
tops as (

    select
        *,
        first_value(fund) over (
            partition by figure_key, source_table_id, classification
            order by column_number, row_number
        ) as first_fund
    from figures
    where
        fact = 'economic'
        and row_role = 'code'
        and tree_code is not null
        and parent_code is null
        and source_table_id not in (
            select totals.source_table_id from totals where totals.fact = 'economic'
        )

),

economic_terms as (

    select {{ columns }}
    from totals
    where fact = 'economic' and total_rank = 1
    union all
    select {{ columns }}
    from tops
    where fund = first_fund

),

pairs as (

    select distinct
        economic_terms.figure_key,
        economic_terms.source_table_id,
        economic_terms.classification,
        economic_terms.statement,
        functional_totals.cell_id as total_cell_id,
        economic_terms.figure_key || '/' || economic_terms.source_table_id || '/'
        || economic_terms.classification || '/' || functional_totals.source_table_id as identity_key
    from economic_terms
    inner join functional_totals on economic_terms.figure_key = functional_totals.figure_key

),

cells as (

    select
        pairs.identity_key,
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
        economic_terms.half_unit_yuan
    from pairs
    inner join economic_terms
        on
            pairs.figure_key = economic_terms.figure_key
            and pairs.source_table_id = economic_terms.source_table_id
            and pairs.classification = economic_terms.classification
    inner join functional_totals on pairs.total_cell_id = functional_totals.cell_id

    union all

    select
        pairs.identity_key,
        functional_totals.document_id,
        pairs.statement,
        'total' as subject_code,
        functional_totals.kind as measure,
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

)

{{ rule_columns('functional_economic', 'cells') }}
