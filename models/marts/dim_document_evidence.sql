with

evidence as (

    select * from {{ ref('int_document_evidence') }}

)

select
    document_id,
    attribute,
    value,
    source_kind,
    printed_text,
    block,
    cell_id,
    page,
    line,
    weight,
    claim_count,
    is_chosen
from evidence
