with

standards as (

    select * from {{ ref('int_policy_standard') }}

),

documents as (

    select * from {{ ref('int_policy_document') }}

),

-- Which rules of an earlier day these replace.
superseded as (

    select
        document_id,
        {{ string_aggregate('document_number', "'；'", 'document_number') }} as supersedes
    from (
        select distinct
            document_id,
            coalesce(document_number, cited_title) as document_number
        from {{ ref('stg_citation') }}
        where relation = 'supersedes'
    ) as cited
    group by document_id

)

select
    standards.standard_id,
    standards.cell_id,
    standards.document_id,
    standards.source_table_id,
    documents.unit_id,
    documents.unit_code,
    documents.unit_name,
    documents.fiscal_year,
    documents.stage,
    documents.document_kind,
    standards.section_path,
    standards.subject,
    standards.standard_kind as kind,
    standards.standard_value as value,
    standards.value_unit,
    case when standards.value_unit = '元' then standards.standard_value end as amount_yuan,
    standards.bound,
    standards.lower_bound,
    standards.upper_bound,
    standards.bound_unit,
    standards.per,
    standards.printed_condition as condition,
    standards.payer,
    cast(standards.valid_year as integer) as valid_year,
    standards.start_date,
    standards.end_date,
    standards.is_blank,
    superseded.supersedes,
    standards.sentence
from standards
inner join documents on standards.document_id = documents.document_id
left join superseded on standards.document_id = superseded.document_id
