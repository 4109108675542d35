with

source as (

    select * from {{ source('raw', 'tables') }}

),

headers as (

    select * from {{ source('raw', 'headers') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id,
        documents.document_id || '-t' || cast(source.block as {{ dbt.type_string() }})
            as source_table_id,
        source.block,
        source.page,
        source.line,
        source.sheet,
        source.row_count,
        source.column_count,
        source.has_spans,
        headers.header_status,
        headers.header_decided_by,
        headers.reading_count
    from source
    inner join documents on source.content_id = documents.content_id
    inner join headers
        on
            source.content_id = headers.content_id
            and source.block = headers.block

)

select * from renamed
