with

citations as (

    select * from {{ ref('stg_citation') }}

),

documents as (

    select * from {{ ref('int_policy_document') }}

),

cited_documents as (

    select * from {{ ref('int_cited_document') }}

)

select
    citations.citation_id,
    citations.cell_id,
    citations.document_id,
    citations.source_table_id,
    documents.unit_id,
    documents.unit_code,
    documents.unit_name,
    documents.fiscal_year,
    documents.stage,
    citations.cited_title,
    citations.document_number,
    citations.printed_number,
    citations.issuer,
    citations.issuer_code,
    cast(citations.cited_year as integer) as year,
    citations.serial_number,
    citations.relation,
    citations.bracket_status,
    cited_documents.cited_document_id
from citations
inner join documents on citations.document_id = documents.document_id
left join cited_documents on citations.citation_id = cited_documents.citation_id
