-- All facts of a document in one hash. Documents of one year and stage with the
-- same facts are one set of figures, published twice: as text and PDF, or by a
-- department and its only unit. One row per document with at least ten facts.
with

amounts as (

    select * from {{ ref('int_amount') }} where fact is not null

),

documents as (

    select * from {{ ref('int_document') }}

),

facts as (

    select distinct
        document_id,
        statement || '|' || coalesce(tree_code, plain_label, '') || '|' || row_role || '|' || measure
        || '|' || fund || '|' || year_basis || '|' || phase || '|' || coalesce(item, '')
        || '|' || cast(amount_yuan as {{ dbt.type_string() }}) as fact_text
    from amounts

),

hashes as (

    select
        document_id,
        md5({{ string_aggregate('fact_text', "';'", 'fact_text') }}) as fingerprint
    from facts
    group by document_id
    having count(*) >= 10

)

select
    hashes.document_id,
    hashes.fingerprint,
    row_number() over (
        partition by hashes.fingerprint, documents.fiscal_year, documents.stage
        order by documents.relative_path
    ) as copy_number,
    first_value(hashes.document_id) over (
        partition by hashes.fingerprint, documents.fiscal_year, documents.stage
        order by documents.relative_path
    ) as first_document_id
from hashes
inner join documents on hashes.document_id = documents.document_id
