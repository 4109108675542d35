with

source as (

    select * from {{ source('raw', 'column_forms') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id || '-t' || cast(source.block as {{ dbt.type_string() }})
            as source_table_id,
        source.reading as reading_number,
        source.form as form_number,
        source.{{ adapter.quote('column') }} as column_number,
        source.role as term_role
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
