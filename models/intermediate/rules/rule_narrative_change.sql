-- 文字中的本年数等于上年数加（减）增减额；上年数见于文字，或见于同一张表的上年栏。
-- This year's amount in the text is last year's and the change. Last year's is said in
-- the text, or printed beside this year's in the table that the figure equals.
with

comparisons as (

    select * from {{ ref('int_narrative_comparison') }} where meaning = 'change'

),

figures as (

    select * from {{ ref('int_narrative_operand') }} where amount_yuan is not null

),

amounts as (

    select * from {{ ref('int_amount') }} where fact is not null

),

table_figures as (

    select identity_key, cell_id from {{ ref('rule_narrative_table') }}

),

-- The column of the earlier year in the row that the text speaks of.
printed_priors as (

    select
        comparisons.cell_id,
        priors.cell_id as prior_cell_id,
        priors.amount_yuan,
        priors.half_unit_yuan,
        count(*) over (partition by comparisons.cell_id) as prior_count,
        row_number() over (partition by comparisons.cell_id order by priors.cell_id) as prior_rank
    from comparisons
    inner join table_figures as said on comparisons.amount_cell_id = said.cell_id
    inner join table_figures as printed on said.identity_key = printed.identity_key
    inner join amounts on printed.cell_id = amounts.cell_id
    inner join amounts as priors
        on
            amounts.source_table_id = priors.source_table_id
            and amounts.row_number = priors.row_number
            and amounts.pane_number = priors.pane_number
            and amounts.fact = priors.fact
            and amounts.measure = priors.measure
            and amounts.fund = priors.fund
            and amounts.year_basis = priors.year_basis
    where
        priors.phase in ('prior_budget', 'prior_final')
        and amounts.phase not in ('prior_budget', 'prior_final')
        and comparisons.comparison_year = amounts.fiscal_year - 1
        and coalesce(
            comparisons.compared_phase,
            case amounts.phase when 'final' then 'prior_final' else 'prior_budget' end
        ) in (priors.phase, replace(priors.phase, 'prior_', ''))

),

complete as (

    select
        comparisons.cell_id,
        comparisons.amount_cell_id,
        comparisons.prior_cell_id,
        printed_priors.prior_cell_id as printed_cell_id,
        printed_priors.amount_yuan as printed_yuan,
        printed_priors.half_unit_yuan as printed_half_unit_yuan
    from comparisons
    inner join figures as changes on comparisons.cell_id = changes.cell_id
    inner join figures as this_year on comparisons.amount_cell_id = this_year.cell_id
    left join printed_priors
        on
            comparisons.cell_id = printed_priors.cell_id
            and printed_priors.prior_rank = 1
            and printed_priors.prior_count = 1
    where comparisons.prior_cell_id is not null or printed_priors.prior_cell_id is not null

),

cells as (

    select
        complete.cell_id as identity_key,
        {{ narrative_cell('figures', 'total', '1', 'figures.amount_yuan', 'figures.half_unit_yuan') }}
    from complete
    inner join figures on complete.amount_cell_id = figures.cell_id

    union all

    select
        complete.cell_id as identity_key,
        {{ narrative_cell('figures', 'term', '1', 'figures.amount_yuan', 'figures.half_unit_yuan') }}
    from complete
    inner join figures on complete.cell_id = figures.cell_id or complete.prior_cell_id = figures.cell_id

    union all

    select
        complete.cell_id as identity_key,
        amounts.document_id,
        amounts.statement,
        coalesce(this_year.subject_code, this_year.subject_kind, 'other') as subject_code,
        amounts.measure,
        amounts.fund,
        amounts.year_basis,
        amounts.phase,
        amounts.cell_id,
        'term' as term_role,
        1 as sign,
        complete.printed_yuan as amount_yuan,
        complete.printed_half_unit_yuan as half_unit_yuan
    from complete
    inner join amounts on complete.printed_cell_id = amounts.cell_id
    inner join figures as this_year on complete.amount_cell_id = this_year.cell_id
    where complete.prior_cell_id is null

)

{{ rule_columns('narrative_change', 'cells') }}
