with

source as (

    select * from {{ source('raw', 'citations') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id,
        documents.document_id || '-cite' || cast(source.citation as {{ dbt.type_string() }})
            as citation_id,
        source.citation as citation_number,
        {{ policy_cell_id('documents.document_id') }} as cell_id,
        {{ policy_table_id('documents.document_id') }} as source_table_id,
        source.block,
        source.character_start,
        source.end_block,
        source.character_end,
        source.page,
        source.line,
        source.printed_text,
        source.cited_title,
        source.printed_number,
        source.document_number,
        source.issuer_code,
        source.issuer,
        source.year as cited_year,
        source.serial as serial_number,
        source.bracket_status,
        source.relation
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
