-- The leaves by function that may count as spending, and which of them do: a figure
-- of a unit once for its year and stage, from 支出总表 where its codes are printed,
-- otherwise from the statements of the single budgets, which do not overlap. A leaf
-- whose code could not be established counts under the class it is printed in. One
-- row per leaf amount.
with

facts as (

    select * from {{ ref('fct_functional') }}

),

statements as (

    select * from {{ ref('statement') }} where spending_rank is not null

),

leaves as (

    select
        facts.cell_id,
        facts.document_id,
        facts.source_table_id,
        facts.unit_id,
        facts.unit_name,
        facts.fiscal_year,
        facts.stage,
        facts.statement,
        statements.spending_rank as statement_rank,
        'functional' as code_set,
        'all' as scope,
        coalesce(
            facts.functional_code,
            {{ regex_extract('facts.printed_code', "'^([0-9]{3})'", 1) }}
        ) as leaf_code,
        false as is_class,
        facts.functional_name as leaf_name,
        facts.measure,
        facts.fund,
        facts.year_basis,
        facts.amount_yuan,
        facts.proof
    from facts
    inner join statements on facts.statement = statements.statement
    where
        facts.is_leaf
        and facts.side = 'expenditure'
        and facts.measure in ('total', 'basic', 'project')
        and (
            (facts.stage = 'budget' and facts.phase = 'budget')
            or (facts.stage = 'final_accounts' and facts.phase = 'final')
        )

),

{{ spending_leaves('leaves') }}

{{ spending_columns() }}
