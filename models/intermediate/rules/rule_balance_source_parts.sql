-- 收支总表收入方：财政拨款收入等于一般公共预算、政府性基金、国有资本经营预算之和。
-- The revenue side of a balance: a source equals the sum of the printed sources
-- that it contains (其中 parts apart).
with

sources as (

    select * from {{ ref('int_amount') }}
    where
        family = 'balance'
        and fact = 'revenue'
        and label_kind = 'revenue_source'
        and fund <> 'of_which_fiscal_appropriation'

),

funds as (

    select * from {{ ref('fund') }}

),

terms as (

    select
        sources.*,
        funds.parent as parent_fund
    from sources
    inner join funds on sources.fund = funds.fund
    where funds.parent in ('fiscal_appropriation', 'unit_funds')

),

cells as (

    select
        totals.document_id,
        totals.statement,
        totals.fund as subject_code,
        totals.measure,
        totals.fund,
        totals.year_basis,
        totals.phase,
        totals.cell_id,
        'total' as term_role,
        1 as sign,
        totals.amount_yuan,
        totals.half_unit_yuan,
        totals.source_table_id || '/' || cast(totals.column_number as {{ dbt.type_string() }})
        || '/' || totals.fund as identity_key
    from sources as totals
    where exists (
        select 1
        from terms
        where
            terms.source_table_id = totals.source_table_id
            and terms.column_number = totals.column_number
            and terms.parent_fund = totals.fund
    )

    union all

    select
        terms.document_id,
        terms.statement,
        terms.parent_fund as subject_code,
        terms.measure,
        terms.parent_fund as fund,
        terms.year_basis,
        terms.phase,
        terms.cell_id,
        'term' as term_role,
        1 as sign,
        terms.amount_yuan,
        terms.half_unit_yuan,
        terms.source_table_id || '/' || cast(terms.column_number as {{ dbt.type_string() }})
        || '/' || terms.parent_fund as identity_key
    from terms
    where exists (
        select 1
        from sources as totals
        where
            terms.source_table_id = totals.source_table_id
            and terms.column_number = totals.column_number
            and terms.parent_fund = totals.fund
    )

)

{{ rule_columns('balance_source_parts', 'cells') }}
