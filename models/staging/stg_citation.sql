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
        {{ policy_place() }},
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
