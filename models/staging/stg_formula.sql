with

source as (

    select * from {{ source('raw', 'formulas') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id,
        documents.document_id || '-f' || cast(source.formula as {{ dbt.type_string() }})
            as formula_id,
        source.formula as formula_number,
        {{ policy_place() }},
        source.kind as formula_kind,
        source.is_unit_open
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
