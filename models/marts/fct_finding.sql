with

every_finding as (

    select
        int_finding.*,
        rules.rule_family
    from {{ ref('int_finding') }} as int_finding
    inner join {{ ref('rule') }} as rules on int_finding.rule_id = rules.rule_id

),

documents as (

    select * from {{ ref('dim_document') }}

),

document_status as (

    select * from {{ ref('int_document_status') }}

),

-- A document that only repeats another's figures repeats its findings too; its text may
-- say more, and is wrong on its own account.
findings as (

    select distinct every_finding.*
    from every_finding
    inner join document_status on every_finding.document_id = document_status.document_id
    left join every_finding as told
        on
            document_status.same_as_document_id = told.document_id
            and every_finding.rule_id = told.rule_id
            and (every_finding.difference_yuan = told.difference_yuan or every_finding.title = told.title)
    where
        document_status.status <> 'duplicate'
        or (every_finding.rule_family = 'narrative' and told.cause_key is null)

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

    select * from {{ ref('int_finding_acknowledgement') }}

),

finding_keys as (

    select * from {{ ref('int_finding_key') }}

),

history as (

    select * from {{ ref('stg_finding_history') }}

),

builds as (

    select * from {{ ref('stg_build') }}

)

select
    finding_keys.finding_id,
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
    finding_keys.figures_fingerprint,
    coalesce(acknowledged.acknowledgement, 'open') = 'acknowledged' as is_acknowledged,
    coalesce(acknowledged.acknowledgement, 'open') as acknowledgement,
    acknowledged.reason as acknowledgement_reason,
    acknowledged.reference as acknowledgement_reference,
    acknowledged.acknowledged_on,
    -- never later than now, also where the clock was put back
    least(history.first_seen_at, builds.built_at) as first_seen_at,
    builds.built_at as last_seen_at
from findings
inner join finding_keys on findings.cause_key = finding_keys.cause_key
cross join builds
inner join documents on findings.document_id = documents.document_id
left join units on documents.unit_id = units.unit_id
left join named_tables on findings.cause_key = named_tables.cause_key
left join acknowledged on finding_keys.finding_id = acknowledged.finding_id
left join history on finding_keys.finding_id = history.finding_id
