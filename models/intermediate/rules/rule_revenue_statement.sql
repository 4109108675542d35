-- 收入总表的合计行与收支总表收入方一致（按资金来源）。
-- The total row of the revenue statement equals the revenue side of the balance,
-- source by source.
with

amounts as (

    select * from {{ ref('int_amount') }}

),

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

keyed as (

    select
        amounts.*,
        amounts.document_id || '/' || amounts.fund || '/' || amounts.phase
        || '/' || case when carryovers.has_carryover then amounts.year_basis else 'all' end
            as identity_key
    from amounts
    inner join carryovers on amounts.document_id = carryovers.document_id

),

balance_lines as (

    select
        *,
        row_number() over (
            partition by identity_key
            order by case row_role when 'grand_total' then 0 when 'total' then 1 else 2 end, row_number
        ) as line_rank
    from keyed
    where statement = 'balance' and fact = 'revenue'

),

statement_totals as (

    select
        *,
        row_number() over (
            partition by identity_key
            order by case row_role when 'grand_total' then 0 else 1 end, row_number, column_number
        ) as line_rank
    from keyed
    where
        statement = 'revenue'
        and row_role in ('total', 'grand_total')
        and measure = 'total'

),

cells as (

    select
        *,
        'total' as subject_code,
        'total' as term_role,
        1 as sign
    from statement_totals
    where
        line_rank = 1
        and identity_key in (select balance_lines.identity_key from balance_lines)

    union all

    select
        *,
        'total' as subject_code,
        'term' as term_role,
        1 as sign
    from balance_lines
    where
        line_rank = 1
        and identity_key in (select statement_totals.identity_key from statement_totals)

)

{{ rule_columns('revenue_statement', 'cells') }}
