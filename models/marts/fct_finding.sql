with

findings as (

    select * from {{ ref('int_finding') }}

),

-- A document that only repeats another's figures repeats its findings too.
documents as (

    select * from {{ ref('dim_document') }} where status <> 'duplicate'

),

units as (

    select * from {{ ref('dim_unit') }}

),

named_tables as (

    select
        cause_key,
        source_table_id
    from {{ ref('int_cause_place') }}
    union all
    select
        cause_key,
        min(source_table_id) as source_table_id
    from {{ ref('int_finding_form') }}
    group by cause_key

),

acknowledged as (

    select * from {{ ref('acknowledged_finding') }}

)

select
    {{ short_id('f', 'findings.cause_key') }} as finding_id,
    findings.document_id,
    named_tables.source_table_id,
    documents.unit_id,
    units.unit_code,
    units.unit_name,
    documents.fiscal_year,
    documents.stage,
    findings.rule_id,
    findings.cause_kind as cause,
    findings.severity,
    findings.title,
    findings.explanation,
    findings.difference_yuan,
    cast(findings.identities as integer) as identities,
    findings.page,
    findings.line,
    acknowledged.finding_id is not null as is_acknowledged
from findings
inner join documents on findings.document_id = documents.document_id
left join units on documents.unit_id = units.unit_id
left join named_tables on findings.cause_key = named_tables.cause_key
left join acknowledged
    on {{ short_id('f', 'findings.cause_key') }} = acknowledged.finding_id
