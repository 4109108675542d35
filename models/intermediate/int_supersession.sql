-- Which statement of which document a later edition prints again: it does not count
-- any more. With several later editions, the next one in order is the successor.
-- One row per document and statement.
with

pairs as (

    select * from {{ ref('int_edition_pair') }} where earlier_document_id is not null

),

editions as (

    select * from {{ ref('int_edition') }}

),

comparisons as (

    select * from {{ ref('int_edition_fact') }}

),

shared as (

    select distinct document_id, other_document_id, statement
    from comparisons

),

successors as (

    select
        pairs.earlier_document_id as document_id,
        case
            when pairs.earlier_document_id = pairs.document_id then pairs.other_document_id
            else pairs.document_id
        end as successor_document_id,
        pairs.order_basis,
        shared.statement
    from pairs
    inner join shared
        on
            pairs.document_id = shared.document_id
            and pairs.other_document_id = shared.other_document_id

),

ranked as (

    select
        successors.*,
        row_number() over (
            partition by successors.document_id, successors.statement
            order by editions.published_date asc nulls last, editions.mark_rank asc, editions.relative_path asc
        ) as successor_rank
    from successors
    inner join editions on successors.successor_document_id = editions.document_id

)

select
    document_id,
    statement,
    successor_document_id,
    order_basis
from ranked
where successor_rank = 1
