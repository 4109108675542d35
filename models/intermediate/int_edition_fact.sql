-- The facts of two editions side by side: of every two documents that may be
-- editions of one disclosure and print a statement both, each figure of it with
-- what either prints; zero where one prints nothing. One row per pair and figure.
with

editions as (

    select * from {{ ref('int_edition') }}

),

facts as (

    select * from {{ ref('int_document_fact') }}

),

pairs as (

    select
        one.document_id,
        other.document_id as other_document_id
    from editions as one
    inner join editions as other
        on
            one.unit_id = other.unit_id
            and one.fiscal_year = other.fiscal_year
            and one.stage = other.stage
            and one.document_id < other.document_id
            -- a department and its own office say that they are two
            and coalesce(one.coverage, other.coverage, '') = coalesce(other.coverage, one.coverage, '')

),

statements as (

    select distinct document_id, statement
    from facts

),

shared_statements as (

    select
        pairs.document_id,
        pairs.other_document_id,
        one.statement
    from pairs
    inner join statements as one on pairs.document_id = one.document_id
    inner join statements as other
        on
            pairs.other_document_id = other.document_id
            and one.statement = other.statement

),

one_side as (

    select
        shared_statements.document_id,
        shared_statements.other_document_id,
        facts.statement,
        facts.fact,
        facts.meaning_key,
        facts.row_unit,
        facts.occurrence,
        facts.cell_id,
        facts.amount_yuan,
        facts.half_unit_yuan
    from shared_statements
    inner join facts
        on
            shared_statements.document_id = facts.document_id
            and shared_statements.statement = facts.statement

),

other_side as (

    select
        shared_statements.document_id,
        shared_statements.other_document_id,
        facts.statement,
        facts.fact,
        facts.meaning_key,
        facts.row_unit,
        facts.occurrence,
        facts.cell_id,
        facts.amount_yuan,
        facts.half_unit_yuan
    from shared_statements
    inner join facts
        on
            shared_statements.other_document_id = facts.document_id
            and shared_statements.statement = facts.statement

),

joined as (

    select
        coalesce(one_side.document_id, other_side.document_id) as document_id,
        coalesce(one_side.other_document_id, other_side.other_document_id) as other_document_id,
        coalesce(one_side.statement, other_side.statement) as statement,
        coalesce(one_side.meaning_key, other_side.meaning_key) as meaning_key,
        coalesce(one_side.row_unit, other_side.row_unit) as row_unit,
        one_side.cell_id,
        one_side.amount_yuan,
        other_side.cell_id as other_cell_id,
        other_side.amount_yuan as other_amount_yuan,
        one_side.half_unit_yuan,
        other_side.half_unit_yuan as other_half_unit_yuan
    from one_side
    full outer join other_side
        on
            one_side.document_id = other_side.document_id
            and one_side.other_document_id = other_side.other_document_id
            and one_side.meaning_key = other_side.meaning_key
            and one_side.row_unit = other_side.row_unit
            and one_side.occurrence = other_side.occurrence

)

select
    document_id,
    other_document_id,
    statement,
    meaning_key,
    row_unit,
    cell_id,
    amount_yuan,
    other_cell_id,
    other_amount_yuan,
    case
        when coalesce(amount_yuan, 0) = 0 and coalesce(other_amount_yuan, 0) = 0 then 'zero'
        when cell_id is null then 'other_only'
        when other_cell_id is null then 'one_only'
        -- 12,345.67元 and 1.23万元 are one figure
        when
            abs(amount_yuan - other_amount_yuan)
            <= case
                when half_unit_yuan = other_half_unit_yuan then 0
                else half_unit_yuan + other_half_unit_yuan
            end
            then 'equal'
        else 'changed'
    end as comparison
from joined
