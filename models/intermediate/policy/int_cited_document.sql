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

-- A rule book is issued by a notice: 关于印发…办法的通知.
titles as (

    select distinct folded_title from citations

),

meanings as (

    select
        titles.folded_title,
        documents.document_id,
        length(documents.folded_title) as title_length
    from titles
    inner join documents on titles.folded_title = documents.folded_title

    union

    select
        titles.folded_title,
        documents.document_id,
        length(documents.folded_title) as title_length
    from titles
    inner join documents on titles.folded_title like '%印发%' || documents.folded_title || '%'
    where documents.document_kind = 'fund_rules' and titles.folded_title like '%印发%'

),

matches as (

    select
        citations.citation_id,
        meanings.document_id as cited_document_id,
        row_number() over (
            partition by citations.citation_id
            order by meanings.title_length desc, meanings.document_id
        ) as match_rank
    from citations
    inner join meanings
        on
            citations.folded_title = meanings.folded_title
            and citations.document_id <> meanings.document_id

)

select
    citation_id,
    cited_document_id
from matches
where match_rank = 1
