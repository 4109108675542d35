-- What speaks for each thing a document is said to be, and what speaks against it.
-- One row per document, attribute, value and kind of source.
with

documents as (

    select * from {{ ref('int_document') }}

),

claims as (

    select * from {{ ref('int_document_claim') }}

),

regions as (

    select * from {{ ref('int_document_region') }}

),

unit_types as (

    select * from {{ ref('int_document_unit_type') }} where is_document

),

unit_type_claims as (

    select * from {{ ref('int_unit_type_claim') }}

),

coverages as (

    select * from {{ ref('int_document_coverage') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

gathered as (

    select
        claims.document_id,
        case claims.attribute when 'government_name' then 'unit_name' else claims.attribute end as attribute,
        claims.value,
        claims.source_kind,
        claims.printed_text,
        case when claims.source_kind in ('cover', 'title', 'text', 'property') then claims.block end as block,
        claims.cell_id,
        claims.weight,
        1 as claim_count,
        claims.value = case claims.attribute
            when 'unit_name' then documents.unit_name
            when 'government_name' then documents.unit_name
            when 'department_name' then documents.department_name
            when 'unit_code' then documents.unit_code
            when 'fiscal_year' then cast(documents.fiscal_year as {{ dbt.type_string() }})
            when 'stage' then documents.stage
            when 'document_kind' then documents.document_kind
            when 'published_date' then cast(documents.published_date as {{ dbt.type_string() }})
            when 'source_url' then documents.source_url
        end as is_chosen
    from claims
    inner join documents on claims.document_id = documents.document_id
    -- a department names its county too: that makes no government of it
    where claims.attribute <> 'government_name' or documents.document_kind = 'government_budget'

    union all

    select
        document_id,
        'region_code' as attribute,
        region_code as value,
        source_kind,
        region_name as printed_text,
        cast(null as integer) as block,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        score as weight,
        1 as claim_count,
        is_chosen
    from regions

    union all

    select
        unit_type_claims.document_id,
        'unit_type' as attribute,
        unit_type_claims.unit_type as value,
        unit_type_claims.source_kind,
        unit_type_claims.printed_text,
        unit_type_claims.block,
        unit_type_claims.cell_id,
        unit_type_claims.weight,
        unit_type_claims.claim_count,
        unit_type_claims.unit_type = unit_types.unit_type as is_chosen
    from unit_type_claims
    left join unit_types on unit_type_claims.document_id = unit_types.document_id

    union all

    select
        document_id,
        'coverage' as attribute,
        coverage as value,
        'title' as source_kind,
        coverage_text as printed_text,
        cast(null as integer) as block,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        1 as weight,
        1 as claim_count,
        true as is_chosen
    from coverages
    where coverage is not null

    union all

    select
        document_id,
        'edition' as attribute,
        cast(mark_rank as {{ dbt.type_string() }}) as value,
        'title' as source_kind,
        version_mark as printed_text,
        cast(null as integer) as block,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        1 as weight,
        1 as claim_count,
        true as is_chosen
    from coverages
    where version_mark is not null

),

numbered as (

    select
        *,
        row_number() over (
            partition by document_id, attribute, value, source_kind
            order by weight desc, block nulls last, cell_id nulls last, printed_text nulls last
        ) as witness_rank,
        sum(claim_count) over (partition by document_id, attribute, value, source_kind) as witness_count
    from gathered

)

select
    numbered.document_id,
    numbered.attribute,
    numbered.value,
    numbered.source_kind,
    substr({{ trimmed('numbered.printed_text') }}, 1, 200) as printed_text,
    numbered.block,
    numbered.cell_id,
    coalesce(paragraphs.page, cells.page) as page,
    coalesce(paragraphs.line, cells.line) as line,
    cast(numbered.weight as integer) as weight,
    cast(numbered.witness_count as integer) as claim_count,
    coalesce(numbered.is_chosen, false) as is_chosen
from numbered
left join paragraphs
    on
        numbered.document_id = paragraphs.document_id
        and numbered.block = paragraphs.block
left join cells on numbered.cell_id = cells.cell_id
where numbered.witness_rank = 1
