with

findings as (

    select * from {{ ref('int_finding') }}

),

-- A document that only repeats another's figures repeats its findings too.
documents as (

    select document_id from {{ ref('dim_document') }} where status <> 'duplicate'

),

acknowledged as (

    select * from {{ ref('acknowledged_finding') }}

)

select
    {{ short_id('f', 'findings.cause_key') }} as finding_id,
    findings.document_id,
    findings.rule_id,
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
left join acknowledged
    on {{ short_id('f', 'findings.cause_key') }} = acknowledged.finding_id
