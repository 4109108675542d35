with

source as (

    select * from {{ source('raw', 'table_rows') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id || '-t' || cast(source.block as {{ dbt.type_string() }})
            as source_table_id,
        source.{{ adapter.quote('row') }} as row_number,
        source.row_kind,
        source.phase,
        source.label_year
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
