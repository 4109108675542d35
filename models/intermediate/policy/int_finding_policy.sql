-- What is wrong with the form of rules and citations. In the columns of a form finding,
-- one row per finding and cell it names.
with

documents as (

    select * from {{ ref('int_document') }} where reason_code is null

),

citations as (

    select * from {{ ref('stg_citation') }}

),

-- One finding for each number as printed, however often it is cited.
brackets as (

    select
        citations.document_id,
        citations.source_table_id,
        'citation_brackets' as rule_id,
        citations.document_id || '/' || citations.printed_number as finding_key,
        citations.cell_id,
        citations.printed_number as subject,
        '“' || citations.printed_number || '”的括号不成对，应为 ' || citations.document_number as detail
    from citations
    inner join documents on citations.document_id = documents.document_id
    where citations.bracket_status = 'mismatched'

)

select * from brackets
