with

tables as (

    select * from {{ ref('int_table') }}

),

recognised as (

    select distinct source_table_id from {{ ref('stg_cell') }} where is_recognised

),

reasons as (

    select * from {{ ref('status_reason') }}

)

select
    tables.source_table_id,
    tables.document_id,
    tables.page,
    tables.line,
    tables.sheet,
    tables.title,
    tables.statement,
    tables.status,
    reasons.message_zh as status_reason,
    tables.amount_unit,
    tables.unit_basis,
    tables.row_count,
    tables.column_count,
    cast(tables.number_count as integer) as number_count,
    tables.header_decided_by,
    tables.reading_count,
    tables.note,
    recognised.source_table_id is not null as is_recognised
from tables
left join reasons on tables.reason_code = reasons.reason_code
left join recognised on tables.source_table_id = recognised.source_table_id
