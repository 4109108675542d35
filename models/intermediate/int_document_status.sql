-- Whether the facts of a document count, and why not: it could not be read, says
-- the same as another, or all its statements were published again with corrections.
-- One row per document.
with

documents as (

    select * from {{ ref('int_document') }}

),

fingerprints as (

    select * from {{ ref('int_document_fingerprint') }}

),

pairs as (

    select * from {{ ref('int_edition_pair') }}

),

supersessions as (

    select * from {{ ref('int_supersession') }}

),

statements as (

    select
        document_id,
        count(distinct statement) as statement_count
    from {{ ref('int_document_fact') }}
    group by document_id

),

contained as (

    select
        contained_document_id as document_id,
        min(case when contained_document_id = document_id then other_document_id else document_id end)
            as container_document_id
    from pairs
    where contained_document_id is not null
    group by contained_document_id

),

superseded as (

    select
        document_id,
        count(*) as statement_count,
        max(successor_document_id) as successor_document_id
    from supersessions
    group by document_id

),

judged as (

    select
        documents.document_id,
        documents.duplicate_of_document_id,
        fingerprints.first_document_id,
        contained.container_document_id,
        superseded.successor_document_id,
        case
            when documents.reason_code is not null then documents.reason_code
            when fingerprints.copy_number > 1 then 'same_figures'
            when contained.document_id is not null then 'contained_figures'
            when superseded.statement_count = statements.statement_count then 'superseded'
            when superseded.statement_count > 0 then 'partly_superseded'
        end as reason_code
    from documents
    left join fingerprints on documents.document_id = fingerprints.document_id
    left join contained on documents.document_id = contained.document_id
    left join superseded on documents.document_id = superseded.document_id
    left join statements on documents.document_id = statements.document_id

)

select
    document_id,
    reason_code,
    case
        when reason_code in ('duplicate', 'same_figures', 'contained_figures') then 'duplicate'
        when reason_code = 'superseded' then 'superseded'
        when reason_code is not null and reason_code <> 'partly_superseded' then 'rejected'
        else 'loaded'
    end as status,
    case reason_code
        when 'duplicate' then duplicate_of_document_id
        when 'same_figures' then first_document_id
        when 'contained_figures' then container_document_id
    end as same_as_document_id,
    case when reason_code in ('superseded', 'partly_superseded') then successor_document_id end
        as superseded_by_document_id
from judged
