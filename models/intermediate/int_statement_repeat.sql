-- Statements that a document prints again under the same title, for the same money,
-- year and phase, with another total: those of several units of which the tables do
-- not say whose they are (a sheet for each, the name on the sheet's tab). One row per
-- table whose total differs from that of the first.
with

amounts as (

    select * from {{ ref('int_amount') }}
    where
        fact in ('functional', 'economic', 'revenue', 'balance_item')
        and row_role in ('total', 'grand_total')
        and not coalesce(is_of_other_unit, false)
        and not coalesce(is_repeated, false)

),

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded' and folded_title is not null

),

-- the last total of a table is that of the whole
totals as (

    select
        tables.document_id,
        tables.source_table_id,
        tables.block,
        tables.title,
        amounts.cell_id,
        amounts.printed_text,
        amounts.amount_yuan,
        tables.document_id || '/' || tables.statement || '/' || tables.folded_title
        || '/' || amounts.fact || '/' || coalesce(amounts.side, '') || '/' || amounts.measure
        || '/' || amounts.fund || '/' || amounts.year_basis || '/' || amounts.phase
        || '/' || amounts.row_role || '/' || coalesce(amounts.item, '') as meaning,
        row_number() over (
            partition by
                tables.source_table_id, amounts.fact, amounts.side, amounts.measure,
                amounts.fund, amounts.year_basis, amounts.phase, amounts.row_role, amounts.item
            order by amounts.row_number desc, amounts.column_number
        ) as total_rank
    from amounts
    inner join tables on amounts.source_table_id = tables.source_table_id

),

compared as (

    select
        *,
        first_value(amount_yuan) over (partition by meaning order by block) as first_amount_yuan,
        first_value(printed_text) over (partition by meaning order by block) as first_text
    from totals
    where total_rank = 1

),

different as (

    select
        *,
        row_number() over (partition by source_table_id order by cell_id) as cell_rank
    from compared
    where amount_yuan <> first_amount_yuan

)

select
    document_id,
    source_table_id,
    cell_id,
    title,
    printed_text,
    first_text
from different
where cell_rank = 1
