-- Whose rules and project texts they are: the publisher of each document. Rules of a
-- fund belong to no stage. One row per document.
with

documents as (

    select * from {{ ref('int_document') }}

),

units as (

    select * from {{ ref('int_unit_name') }}

)

select
    documents.document_id,
    documents.document_kind,
    documents.title,
    units.unit_id,
    coalesce(documents.unit_code, units.unit_code) as unit_code,
    coalesce(units.unit_name, documents.unit_name) as unit_name,
    cast(documents.fiscal_year as integer) as fiscal_year,
    case when documents.document_kind <> 'fund_rules' then documents.stage end as stage
from documents
left join units
    on
        documents.document_id = units.document_id
        and {{ fold_label('documents.unit_name') }} = units.folded_name
