-- Administrative unit, institution run like one (参公), institution, or a department
-- with several types: each unit of a document is judged by itself. One row per
-- document and unit with a claim, and one per document as a whole (`is_document`).
with

claims as (

    select * from {{ ref('int_unit_type_claim') }}

),

-- 参公 units spend under the codes of offices: only words tell them from offices.
units as (

    select
        document_id,
        unit_name,
        max(case when unit_type = 'administrative' and weight = 20 then 1 else 0 end) = 1 as has_office_codes,
        max(case when unit_type = 'institution' and weight = 20 then 1 else 0 end) = 1 as has_institution_codes,
        max(case when unit_type = 'institution' and weight = 10 then 1 else 0 end) = 1 as has_weak_codes,
        max(case when unit_type = 'participating' then 1 else 0 end) = 1 as says_participating,
        max(case when unit_type = 'administrative' and source_kind = 'text' then 1 else 0 end) = 1
            as says_office,
        max(case when unit_type = 'institution' and source_kind = 'text' then 1 else 0 end) = 1
            as says_institution
    from claims
    group by document_id, unit_name

),

judged as (

    select
        document_id,
        unit_name,
        case
            when has_office_codes and has_institution_codes then 'mixed'
            when says_participating and not has_institution_codes then 'participating'
            when has_office_codes then 'administrative'
            when has_institution_codes then 'institution'
            when says_office and says_institution then 'unknown'
            when says_office then 'administrative'
            when says_institution or has_weak_codes then 'institution'
            else 'unknown'
        end as unit_type
    from units

),

whole as (

    select
        document_id,
        count(distinct unit_type) as type_count,
        min(unit_type) as unit_type
    from judged
    where unit_type <> 'unknown'
    group by document_id

)

select
    document_id,
    unit_name,
    unit_type,
    false as is_document
from judged

union all

select
    document_id,
    cast(null as {{ dbt.type_string() }}) as unit_name,
    case when type_count > 1 then 'mixed' else unit_type end as unit_type,
    true as is_document
from whole
