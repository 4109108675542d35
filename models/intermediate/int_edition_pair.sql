-- How two documents of one publisher, year and stage stand to each other. They are
-- `version`s of one disclosure when they print the same statements with different
-- figures; one is `contained` in the other when all its figures stand there too;
-- otherwise they `complement` each other (one file a table, text and tables apart).
--
-- Which version is later: the one published later, where both dates are known;
-- else the one that calls itself corrected (更正, 修订, a second copy of the file).
-- Where date and mark disagree, or neither speaks, or two documents without such a
-- mark have little in common, no order is known. One row per pair.
with

editions as (

    select * from {{ ref('int_edition') }}

),

comparisons as (

    select * from {{ ref('int_edition_fact') }}

),

fact_counts as (

    select
        document_id,
        count(case when amount_yuan <> 0 then 1 end) as fact_count
    from {{ ref('int_document_fact') }}
    group by document_id

),

counted as (

    select
        document_id,
        other_document_id,
        count(case when comparison in ('equal', 'changed') then 1 end) as shared_count,
        count(case when comparison = 'equal' then 1 end) as equal_count,
        count(case when comparison = 'changed' then 1 end) as changed_count,
        count(case when comparison = 'one_only' then 1 end) as one_only_count,
        count(case when comparison = 'other_only' then 1 end) as other_only_count
    from comparisons
    group by document_id, other_document_id

),

described as (

    select
        counted.*,
        one_facts.fact_count,
        other_facts.fact_count as other_fact_count,
        one.mark_rank,
        other.mark_rank as other_mark_rank,
        one.relative_path,
        other.relative_path as other_path,
        case
            when one.published_date < other.published_date then 1
            when one.published_date > other.published_date then -1
            else 0
        end as date_order,
        case
            when one.mark_rank < other.mark_rank then 1
            when one.mark_rank > other.mark_rank then -1
            else 0
        end as mark_order
    from counted
    inner join editions as one on counted.document_id = one.document_id
    inner join editions as other on counted.other_document_id = other.document_id
    inner join fact_counts as one_facts on counted.document_id = one_facts.document_id
    inner join fact_counts as other_facts on counted.other_document_id = other_facts.document_id

),

related as (

    select
        *,
        case
            when
                changed_count > 0
                and 2 * shared_count >= least(shared_count + one_only_count, shared_count + other_only_count)
                then 'version'
            when shared_count >= 3 and equal_count = fact_count and equal_count = other_fact_count
                then case when relative_path < other_path then 'other_contained' else 'contained' end
            when shared_count >= 3 and equal_count = fact_count then 'contained'
            when shared_count >= 3 and equal_count = other_fact_count then 'other_contained'
            else 'complement'
        end as relation,
        case
            when date_order * mark_order = -1 then 0
            when date_order <> 0 then date_order
            else mark_order
        end as edition_order,
        case
            when date_order <> 0 then 'published_date'
            when mark_order <> 0 then 'version_mark'
        end as order_basis
    from described

)

select
    document_id,
    other_document_id,
    shared_count,
    equal_count,
    changed_count,
    one_only_count,
    other_only_count,
    case when relation in ('contained', 'other_contained') then 'contained' else relation end as relation,
    case relation
        when 'contained' then document_id
        when 'other_contained' then other_document_id
    end as contained_document_id,
    case
        when relation <> 'version' or edition_order = 0 then null
        -- without a mark, documents that share few figures may be of two units
        when mark_order = 0 and 10 * equal_count < 3 * shared_count then null
        when edition_order = 1 then document_id
        else other_document_id
    end as earlier_document_id,
    case when relation = 'version' then order_basis end as order_basis
from related
