with

source as (

    select * from {{ source('raw', 'column_readings') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id || '-t' || cast(source.block as {{ dbt.type_string() }})
            as source_table_id,
        source.reading as reading_number,
        source.{{ adapter.quote('column') }} as column_number,
        source.pane as pane_number,
        source.role as column_role,
        source.side,
        source.measure,
        source.fund,
        source.year_basis,
        source.phase,
        source.item,
        source.classification,
        source.is_total,
        source.label_year,
        source.label_path
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
