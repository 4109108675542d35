-- Whether a document says that it is of a department with its units (部门预算, 汇总) or
-- of one unit alone (单位预算, 本级), and whether it calls itself a later edition (更正, 修订,
-- a second copy of a file). One row per document.
with

documents as (

    select * from {{ ref('int_document') }}

),

coverage_marks as (

    select * from {{ ref('coverage_mark') }}

),

version_marks as (

    select * from {{ ref('version_mark') }}

),

texts as (

    select
        document_id,
        {{ fold_label('title') }} as mark_text,
        0 as text_rank
    from documents
    where title is not null

    union all

    select
        document_id,
        {{ fold_label(regex_replace('file_name', "'\\.[a-zA-Z0-9]+$'", "''")) }} as mark_text,
        1 as text_rank
    from documents

),

coverages as (

    select
        texts.document_id,
        coverage_marks.coverage,
        {{ regex_extract('texts.mark_text', 'coverage_marks.pattern', 0) }} as mark_text,
        row_number() over (
            partition by texts.document_id order by coverage_marks.priority, texts.text_rank
        ) as mark_order
    from texts
    inner join coverage_marks
        on {{ regex_matches('texts.mark_text', 'coverage_marks.pattern') }}

),

versions as (

    select
        texts.document_id,
        version_marks.mark_rank,
        {{ regex_extract('texts.mark_text', 'version_marks.pattern', 0) }} as mark_text,
        row_number() over (
            partition by texts.document_id order by version_marks.priority, texts.text_rank
        ) as mark_order
    from texts
    inner join version_marks
        on {{ regex_matches('texts.mark_text', 'version_marks.pattern') }}

)

select
    documents.document_id,
    coverages.coverage,
    coverages.mark_text as coverage_text,
    coalesce(versions.mark_rank, 0) as mark_rank,
    versions.mark_text as version_mark
from documents
left join coverages
    on
        documents.document_id = coverages.document_id
        and coverages.mark_order = 1
left join versions
    on
        documents.document_id = versions.document_id
        and versions.mark_order = 1
