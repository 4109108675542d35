with

sentences as (

    select * from {{ ref('int_project_section') }}

),

texts as (

    select * from {{ ref('int_project_text') }}

),

documents as (

    select * from {{ ref('int_policy_document') }}

),

sections as (

    select
        document_id,
        project_text_id,
        section,
        min(case when is_heading then section_title end) as section_title,
        {{ string_aggregate('case when not is_heading then printed_text end', "''", 'sentence_number') }} as section_text,
        min(sentence_number) as first_sentence,
        min(case when not is_heading then page end) as page,
        min(case when not is_heading then line end) as line
    from sentences
    group by document_id, project_text_id, section
    having count(case when not is_heading then 1 end) > 0

)

select
    sections.project_text_id || '-' || sections.section as project_section_id,
    sections.project_text_id,
    sections.document_id,
    documents.unit_id,
    documents.unit_code,
    documents.unit_name,
    documents.fiscal_year,
    documents.stage,
    texts.project_name,
    sections.section,
    sections.section_title,
    sections.section_text,
    cast(row_number() over (partition by sections.project_text_id order by sections.first_sentence) as integer)
        as section_number,
    sections.page,
    sections.line,
    texts.project_cell_id,
    texts.project_document_id,
    texts.project_amount_yuan
from sections
inner join texts on sections.project_text_id = texts.project_text_id
inner join documents on sections.document_id = documents.document_id
