-- All facts of a document in one hash. Documents of one region, year and stage
-- with the same facts are one set of figures, published twice: as text and PDF, or
-- by a department and its only unit. Zeros say nothing: every office with nothing
-- to report prints the same. One row per document with at least ten other facts.
with

amounts as (

    select * from {{ ref('int_amount') }} where fact is not null and amount_yuan <> 0

),

documents as (

    select * from {{ ref('int_document') }}

),

regions as (

    select * from {{ ref('int_document_region') }}

),

facts as (

    select distinct
        document_id,
        statement || '|' || coalesce(tree_code, plain_label, '') || '|' || row_role || '|' || measure
        || '|' || fund || '|' || year_basis || '|' || phase || '|' || coalesce(item, '')
        || '|' || cast(amount_yuan as {{ dbt.type_string() }}) as fact_text
    from amounts

),

texts as (

    select
        document_id,
        {{ string_aggregate('fact_text', "';'", 'fact_text') }} as all_facts
    from facts
    group by document_id
    having count(*) >= 10

),

digests as (

    select
        document_id,
        md5(all_facts) as fingerprint
    from texts

)

select
    digests.document_id,
    digests.fingerprint,
    row_number() over (
        partition by
            digests.fingerprint, regions.region_code, documents.fiscal_year, documents.stage
        order by documents.relative_path
    ) as copy_number,
    first_value(digests.document_id) over (
        partition by
            digests.fingerprint, regions.region_code, documents.fiscal_year, documents.stage
        order by documents.relative_path
    ) as first_document_id
from digests
inner join documents on digests.document_id = documents.document_id
left join regions on digests.document_id = regions.document_id
