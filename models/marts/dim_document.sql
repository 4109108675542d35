with

documents as (

    select * from {{ ref('int_document') }}

),

regions as (

    select * from {{ ref('int_document_region') }} where is_chosen

),

units as (

    select * from {{ ref('int_unit_name') }}

),

unit_types as (

    select * from {{ ref('int_document_unit_type') }} where is_document

),

statuses as (

    select * from {{ ref('int_document_status') }}

),

coverages as (

    select * from {{ ref('int_document_coverage') }}

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

)

select
    documents.document_id,
    documents.file_name,
    documents.relative_path,
    documents.file_sha256,
    documents.format,
    documents.title,
    documents.document_kind,
    regions.region_code,
    units.unit_id,
    coalesce(unit_types.unit_type, 'unknown') as unit_type,
    coverages.coverage,
    documents.fiscal_year,
    documents.stage,
    documents.published_date,
    documents.source_url,
    documents.loaded_at,
    documents.page_count,
    cast(coalesce(tables.table_count, 0) as integer) as table_count,
    statuses.status,
    reasons.message_zh
    || case
        when coalesce(statuses.same_as_document_id, statuses.superseded_by_document_id) is not null
            then
                case when statuses.same_as_document_id is not null then '（同 ' else '（见 ' end
                || coalesce(statuses.same_as_document_id, statuses.superseded_by_document_id) || '）'
        else ''
    end as status_reason,
    statuses.same_as_document_id,
    statuses.superseded_by_document_id
from documents
inner join statuses on documents.document_id = statuses.document_id
inner join coverages on documents.document_id = coverages.document_id
left join regions on documents.document_id = regions.document_id
left join units
    on
        documents.document_id = units.document_id
        and {{ fold_label('documents.unit_name') }} = units.folded_name
left join unit_types on documents.document_id = unit_types.document_id
left join tables on documents.document_id = tables.document_id
left join reasons on statuses.reason_code = reasons.reason_code
