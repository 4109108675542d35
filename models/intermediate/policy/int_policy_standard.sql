-- The standards of rules and project texts; of other documents those below a heading of
-- a project text. In rules of a fund an amount that is no standard says nothing. One row
-- per standard.
with

standards as (

    select * from {{ ref('stg_policy_standard') }}

),

documents as (

    select * from {{ ref('int_policy_document') }}

)

select
    standards.*,
    documents.document_kind
from standards
inner join documents on standards.document_id = documents.document_id
where
    documents.document_kind = 'project_text'
    or (documents.document_kind = 'fund_rules' and standards.standard_kind <> 'amount')
    or (
        documents.document_kind in ('budget', 'final_accounts')
        and {{ is_project_text_path('standards.section_path') }}
    )
