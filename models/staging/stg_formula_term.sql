with

source as (

    select * from {{ source('raw', 'formula_terms') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

renamed as (

    select
        documents.document_id,
        documents.document_id || '-f' || cast(source.formula as {{ dbt.type_string() }})
            as formula_id,
        source.term as term_number,
        {{ policy_place() }},
        source.role as term_role,
        source.product as product_number,
        source.factor as factor_number,
        source.sign,
        try_cast(source.value as decimal(20, 6)) as term_value,
        try_cast(source.half_unit as decimal(20, 8)) as half_unit_value,
        source.is_exact,
        source.value_unit,
        source.unit_factor,
        coalesce(source.value_unit like '%元%', false) as is_money
    from source
    inner join documents on source.content_id = documents.content_id

)

select * from renamed
