-- The facts of each document by what they mean, so that documents can be compared:
-- the same key in two documents is the same figure of the same statement, wherever
-- it is printed. Rows of other units count under the unit. One row per amount.
with

amounts as (

    select * from {{ ref('int_amount') }} where fact is not null

),

names as (

    select * from {{ ref('int_unit_name') }}

),

keyed as (

    select
        amounts.document_id,
        amounts.source_table_id,
        amounts.row_number,
        amounts.column_number,
        amounts.cell_id,
        amounts.statement,
        amounts.fact,
        amounts.amount_yuan,
        amounts.half_unit_yuan,
        amounts.fact || '|' || amounts.statement || '|' || coalesce(amounts.side, '')
        || '|' || coalesce(amounts.classification, '')
        || '|' || coalesce(amounts.tree_code, amounts.plain_label, '') || '|' || amounts.row_role
        || '|' || coalesce(amounts.project_name_text, '')
        || '|' || amounts.measure || '|' || amounts.fund || '|' || amounts.year_basis
        || '|' || amounts.phase || '|' || coalesce(amounts.item, '')
            as meaning_key,
        case when names.is_publisher then '' else coalesce(names.canonical_name, '') end as row_unit
    from amounts
    left join names
        on
            amounts.document_id = names.document_id
            and {{ fold_label('amounts.unit_name') }} = names.folded_name

)

select
    *,
    row_number() over (
        partition by document_id, meaning_key, row_unit
        order by length(source_table_id), source_table_id, row_number, column_number
    ) as occurrence
from keyed
