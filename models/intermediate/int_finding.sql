-- All findings under one roof, one row per cause.
with

arithmetic as (

    select * from {{ ref('int_finding_arithmetic') }}

),

form as (

    select * from {{ ref('int_finding_form') }}

),

text_findings as (

    select * from {{ ref('int_finding_text') }}

),

rules as (

    select * from {{ ref('rule') }}

),

form_details as (

    select
        cause_key,
        {{ string_aggregate('detail', "'；'", 'detail') }} as details
    from (select distinct cause_key, detail from form) as distinct_details
    group by cause_key

),

form_statements as (

    select
        cause_key,
        {{ string_aggregate('statement_name', "'、'", 'statement_name') }} as statement_names
    from (
        select distinct cause_key, statement_name
        from form
        where statement_name is not null
    ) as distinct_statements
    group by cause_key

),

form_findings as (

    select
        form.cause_key,
        min(form.document_id) as document_id,
        min(form.rule_id) as rule_id,
        min(form.subject) as subject,
        count(distinct form.detail) as detail_count,
        min(form.page) as page,
        min(form.line) as line
    from form
    group by form.cause_key

)

select
    cause_key,
    document_id,
    rule_id,
    cause_kind,
    severity,
    title,
    explanation,
    difference_yuan,
    identities,
    page,
    line
from arithmetic

union all

select
    form_findings.cause_key,
    form_findings.document_id,
    form_findings.rule_id,
    cast(null as {{ dbt.type_string() }}) as cause_kind,
    rules.severity,
    rules.message_zh || '：' || form_findings.subject
    || case
        when form_findings.detail_count > 1
            then ' 等 ' || cast(form_findings.detail_count as {{ dbt.type_string() }}) || ' 处'
        else ''
    end as title,
    coalesce(rules.right_zh || '。', '')
    || coalesce('报表：' || form_statements.statement_names || '。', '')
    || form_details.details || '。' as explanation,
    cast(null as decimal(20, 4)) as difference_yuan,
    0 as identities,
    form_findings.page,
    form_findings.line
from form_findings
inner join rules on form_findings.rule_id = rules.rule_id
inner join form_details on form_findings.cause_key = form_details.cause_key
left join form_statements on form_findings.cause_key = form_statements.cause_key

union all

select
    cause_key,
    document_id,
    rule_id,
    cast(null as {{ dbt.type_string() }}) as cause_kind,
    severity,
    title,
    explanation,
    difference_yuan,
    identities,
    page,
    line
from text_findings

union all

select
    cause_key,
    document_id,
    rule_id,
    cast(null as {{ dbt.type_string() }}) as cause_kind,
    severity,
    title,
    explanation,
    difference_yuan,
    identities,
    page,
    line
from {{ ref('int_finding_formula') }}
