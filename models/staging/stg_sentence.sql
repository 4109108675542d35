with

source as (

    select * from {{ source('raw', 'sentences') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id,
        documents.document_id || '-s' || cast(source.sentence as {{ dbt.type_string() }})
            as sentence_id,
        source.sentence as sentence_number,
        source.passage,
        source.section_path,
        source.section_title,
        source.block,
        source.character_start,
        source.end_block,
        source.character_end,
        source.page,
        source.line,
        source.text as printed_text
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
