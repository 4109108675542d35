-- Which loaded document a citation means: one whose title is the cited one, or rules of
-- a fund that the cited title issues (关于印发…办法的通知). One row per citation that is
-- resolved.
with

citations as (

    select
        *,
        {{ fold_label('cited_title') }} as folded_title
    from {{ ref('stg_citation') }}
    where cited_title is not null

),

documents as (

    select
        document_id,
        document_kind,
        {{ fold_label('title') }} as folded_title
    from {{ ref('int_policy_document') }}
    where length({{ fold_label('title') }}) >= 8

),

matches as (

    select
        citations.citation_id,
        documents.document_id as cited_document_id,
        row_number() over (
            partition by citations.citation_id
            order by length(documents.folded_title) desc, documents.document_id
        ) as match_rank
    from citations
    inner join documents
        on
            citations.document_id <> documents.document_id
            and (
                citations.folded_title = documents.folded_title
                or (
                    documents.document_kind = 'fund_rules'
                    and citations.folded_title like '%印发%' || documents.folded_title || '%'
                )
            )

)

select
    citation_id,
    cited_document_id
from matches
where match_rank = 1
