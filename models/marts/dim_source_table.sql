with

tables as (

    select * from {{ ref('int_table') }}

),

recognised as (

    select distinct source_table_id from {{ ref('stg_cell') }} where is_recognised

),

-- Performance forms that gave facts.
targets as (

    select source_table_id, max(amount_unit) as amount_unit
    from (
        select source_table_id, amount_unit from {{ ref('int_target_amount') }}
        union all
        select source_table_id, cast(null as {{ dbt.type_string() }}) as amount_unit
        from {{ ref('int_target_indicator') }}
    ) as rows_read
    group by source_table_id

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
    case when targets.source_table_id is not null then 'loaded' else tables.status end as status,
    case when targets.source_table_id is null then reasons.message_zh end as status_reason,
    coalesce(targets.amount_unit, tables.amount_unit) as amount_unit,
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
left join targets on tables.source_table_id = targets.source_table_id
left join recognised on tables.source_table_id = recognised.source_table_id
