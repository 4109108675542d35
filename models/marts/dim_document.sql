with

documents as (

    select * from {{ ref('int_document') }}

),

regions as (

    select * from {{ ref('int_document_region') }}

),

units as (

    select * from {{ ref('int_unit') }}

),

unit_types as (

    select * from {{ ref('int_document_unit_type') }}

),

fingerprints as (

    select * from {{ ref('int_document_fingerprint') }}

),

tables as (

    select
        document_id,
        count(*) as table_count
    from {{ ref('int_table') }}
    group by document_id

),

reasons as (

    select * from {{ ref('status_reason') }}

),

judged as (

    select
        documents.*,
        case
            when documents.reason_code is not null then documents.reason_code
            when fingerprints.copy_number > 1 then 'same_figures'
        end as final_reason_code,
        coalesce(
            documents.duplicate_of_document_id,
            case when fingerprints.copy_number > 1 then fingerprints.first_document_id end
        ) as same_as_document_id
    from documents
    left join fingerprints on documents.document_id = fingerprints.document_id

)

select
    judged.document_id,
    judged.file_name,
    judged.relative_path,
    judged.file_sha256,
    judged.format,
    judged.title,
    judged.document_kind,
    regions.region_code,
    units.unit_id,
    coalesce(unit_types.unit_type, 'unknown') as unit_type,
    judged.fiscal_year,
    judged.stage,
    cast(null as date) as published_date,
    cast(null as {{ dbt.type_string() }}) as source_url,
    judged.loaded_at,
    judged.page_count,
    cast(coalesce(tables.table_count, 0) as integer) as table_count,
    case
        when judged.final_reason_code in ('duplicate', 'same_figures') then 'duplicate'
        when judged.final_reason_code is not null then 'rejected'
        else 'loaded'
    end as status,
    reasons.message_zh
    || case when judged.same_as_document_id is not null then '（同 ' || judged.same_as_document_id || '）' else '' end
        as status_reason,
    judged.same_as_document_id
from judged
left join regions on judged.document_id = regions.document_id
left join units on {{ fold_label('judged.unit_name') }} = units.folded_name
left join unit_types on judged.document_id = unit_types.document_id
left join tables on judged.document_id = tables.document_id
left join reasons on judged.final_reason_code = reasons.reason_code
