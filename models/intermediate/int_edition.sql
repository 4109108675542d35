-- Documents that may be editions of one disclosure: those of the same publisher,
-- year and stage that are no copies of another. One row per such document where the
-- publisher has more than one.
with

documents as (

    select * from {{ ref('int_document') }}
    where
        reason_code is null
        and unit_name is not null
        and fiscal_year is not null
        and document_kind in ('budget', 'final_accounts', 'government_budget')

),

coverages as (

    select * from {{ ref('int_document_coverage') }}

),

names as (

    select * from {{ ref('int_unit_name') }}

),

fingerprints as (

    select * from {{ ref('int_document_fingerprint') }}

),

described as (

    select
        documents.document_id,
        documents.file_name,
        documents.relative_path,
        documents.title,
        names.unit_id,
        documents.fiscal_year,
        documents.stage,
        documents.published_date,
        coverages.coverage,
        coverages.mark_rank,
        coverages.version_mark,
        count(*) over (
            partition by names.unit_id, documents.fiscal_year, documents.stage
        ) as edition_count
    from documents
    inner join names
        on
            documents.document_id = names.document_id
            and {{ fold_label('documents.unit_name') }} = names.folded_name
    inner join coverages on documents.document_id = coverages.document_id
    left join fingerprints on documents.document_id = fingerprints.document_id
    where coalesce(fingerprints.copy_number, 1) = 1

)

select *
from described
where edition_count > 1
