-- 收支总表收入方：财政拨款收入等于一般公共预算、政府性基金、国有资本经营预算之和。
-- The revenue side of a balance: a source equals the sum of the printed sources
-- that it contains. Parts that 其中 introduces need not be all of them: they make
-- no identity as long as they stay below the whole.
with

sources as (

    select
        *,
        coalesce({{ regex_matches('row_name', "'其中'") }}, false) as is_part
    from {{ ref('int_amount') }}
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
    where funds.parent in ('fiscal_appropriation', 'general_public_budget', 'unit_funds')

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
        totals.is_part,
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
        terms.is_part,
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

),

partial as (

    select identity_key
    from cells
    group by identity_key
    having
        max(case when is_part and term_role = 'term' then 1 else 0 end) = 1
        and sum(case term_role when 'total' then amount_yuan else -amount_yuan end) > 0

),

complete as (

    select cells.*
    from cells
    left join partial on cells.identity_key = partial.identity_key
    where partial.identity_key is null

)

{{ rule_columns('balance_source_parts', 'complete') }}
