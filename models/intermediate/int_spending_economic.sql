-- The same by economic classification: the summary of all expenditure where one is
-- printed, otherwise basic and project expenditure from their own tables. One row
-- per leaf amount and classification.
with

facts as (

    select * from {{ ref('fct_economic') }}

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
        case when facts.scope = 'all' then 1 else 2 end as statement_rank,
        facts.classification as code_set,
        facts.scope,
        coalesce(
            facts.economic_code,
            {{ regex_extract('facts.printed_code', "'^([0-9]{3})'", 1) }}
        ) as leaf_code,
        coalesce(length(coalesce(facts.economic_code, facts.printed_code)) = 3, false) as is_class,
        facts.economic_name as leaf_name,
        facts.measure,
        facts.fund,
        facts.year_basis,
        facts.amount_yuan,
        facts.proof
    from facts
    where
        facts.is_leaf
        and facts.measure = 'total'
        and facts.fund in ('all', 'general_public_budget', 'fiscal_appropriation')
        and (
            (facts.stage = 'budget' and facts.phase = 'budget')
            or (facts.stage = 'final_accounts' and facts.phase = 'final')
        )

),

{{ spending_leaves('leaves') }}

{{ spending_columns() }}
