-- Which documents rest on which: the cited ones by number, or by title where no number
-- is printed anywhere.
with

citations as (

    select
        *,
        {{ fold_label('cited_title') }} as folded_title
    from {{ ref('fct_citation') }}

),

-- A title that is cited with its number elsewhere is that document.
numbers_of_titles as (

    select
        folded_title,
        min(document_number) as document_number
    from citations
    where folded_title is not null and document_number is not null
    group by folded_title
    having count(distinct document_number) = 1

),

keyed as (

    select
        citations.*,
        coalesce(citations.document_number, numbers_of_titles.document_number) as known_number,
        coalesce(
            citations.document_number, numbers_of_titles.document_number, citations.folded_title
        ) as cited_key
    from citations
    left join numbers_of_titles on citations.folded_title = numbers_of_titles.folded_title

),

titles as (

    select
        cited_key,
        {{ string_aggregate('cited_title', "'；'", 'cited_title') }} as cited_titles
    from (
        select
            cited_key,
            min(cited_title) as cited_title
        from keyed
        where cited_title is not null
        group by cited_key, folded_title
    ) as distinct_titles
    group by cited_key

),

units as (

    select
        cited_key,
        {{ string_aggregate('unit_name', "'；'", 'unit_name') }} as citing_units
    from (select distinct cited_key, unit_name from keyed where unit_name is not null) as distinct_units
    group by cited_key

)

select
    keyed.cited_key,
    min(keyed.known_number) as document_number,
    min(titles.cited_titles) as cited_titles,
    min(keyed.issuer) as issuer,
    min(keyed.issuer_code) as issuer_code,
    min(keyed.year) as year,
    cast(count(*) as integer) as citations,
    cast(count(case when keyed.relation = 'basis' then 1 end) as integer) as basis_citations,
    cast(count(distinct keyed.document_id) as integer) as citing_documents,
    cast(count(distinct keyed.unit_id) as integer) as citing_unit_count,
    min(units.citing_units) as citing_units,
    min(case when keyed.relation = 'supersedes' then keyed.document_id end) as superseded_by_document_id,
    min(keyed.cited_document_id) as cited_document_id
from keyed
left join titles on keyed.cited_key = titles.cited_key
left join units on keyed.cited_key = units.cited_key
group by keyed.cited_key
