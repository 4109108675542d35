with

findings as (

    select * from {{ ref('int_finding') }}

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
left join acknowledged
    on {{ short_id('f', 'findings.cause_key') }} = acknowledged.finding_id
