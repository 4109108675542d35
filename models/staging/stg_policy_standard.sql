with

source as (

    select * from {{ source('raw', 'standards') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id,
        documents.document_id || '-std' || cast(source.standard as {{ dbt.type_string() }})
            as standard_id,
        source.standard as standard_number,
        {{ policy_place() }},
        source.{{ adapter.quote('row') }} as row_number,
        source.section_path,
        source.sentence,
        source.kind as standard_kind,
        source.subject,
        try_cast(source.value as decimal(20, 4)) as standard_value,
        source.value_unit,
        source.bound,
        try_cast(source.lower_bound as decimal(20, 4)) as lower_bound,
        try_cast(source.upper_bound as decimal(20, 4)) as upper_bound,
        source.bound_unit,
        source.per,
        source.condition as printed_condition,
        source.payer,
        source.valid_year,
        try_cast(source.start_date as date) as start_date,
        try_cast(source.end_date as date) as end_date,
        source.is_blank
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
