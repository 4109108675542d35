with

source as (

    select * from {{ source('raw', 'paragraphs') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id,
        documents.document_id || '-p' || cast(source.block as {{ dbt.type_string() }})
            as paragraph_id,
        source.block,
        source.page,
        source.line,
        source.kind as paragraph_kind,
        source.text as printed_text,
        {{ fold_label('source.text') }} as folded_text,
        source.box_left,
        source.box_top,
        source.box_right,
        source.box_bottom
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
