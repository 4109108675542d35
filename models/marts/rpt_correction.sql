with

supersessions as (

    select * from {{ ref('int_supersession') }}

),

comparisons as (

    select * from {{ ref('int_edition_fact') }} where comparison in ('changed', 'one_only', 'other_only')

),

amounts as (

    select * from {{ ref('int_amount') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

units as (

    select * from {{ ref('int_unit_name') }}

),

-- The pair is stored once, whichever of the two is later.
directed as (

    select
        document_id,
        other_document_id as successor_document_id,
        statement,
        cell_id as old_cell_id,
        amount_yuan as old_amount_yuan,
        other_cell_id as new_cell_id,
        other_amount_yuan as new_amount_yuan
    from comparisons
    union all
    select
        other_document_id as document_id,
        document_id as successor_document_id,
        statement,
        other_cell_id as old_cell_id,
        other_amount_yuan as old_amount_yuan,
        cell_id as new_cell_id,
        amount_yuan as new_amount_yuan
    from comparisons

),

changes as (

    select
        directed.*,
        supersessions.order_basis,
        coalesce(directed.new_cell_id, directed.old_cell_id) as meaning_cell_id
    from directed
    inner join supersessions
        on
            directed.document_id = supersessions.document_id
            and directed.successor_document_id = supersessions.successor_document_id
            and directed.statement = supersessions.statement

)

select
    changes.document_id,
    changes.successor_document_id,
    changes.order_basis,
    units.unit_id,
    case when units.has_code then units.unit_name else amounts.unit_name end as unit_name,
    documents.fiscal_year,
    documents.stage,
    changes.statement,
    amounts.fact,
    amounts.side,
    amounts.row_role,
    amounts.classification,
    coalesce(amounts.resolved_code, amounts.tree_code) as code,
    coalesce(amounts.printed_project_name, amounts.printed_name, amounts.row_name) as row_name,
    amounts.item,
    amounts.measure,
    amounts.fund,
    amounts.year_basis,
    amounts.phase,
    changes.old_amount_yuan,
    changes.old_cell_id,
    changes.new_amount_yuan,
    changes.new_cell_id,
    cast(
        coalesce(changes.new_amount_yuan, 0) - coalesce(changes.old_amount_yuan, 0) as decimal(20, 4)
    ) as difference_yuan,
    case
        when changes.old_cell_id is null then 'added'
        when changes.new_cell_id is null then 'removed'
        else 'changed'
    end as change_kind
from changes
inner join documents on changes.document_id = documents.document_id
inner join amounts on changes.meaning_cell_id = amounts.cell_id
left join units
    on
        amounts.document_id = units.document_id
        and {{ fold_label('amounts.unit_name') }} = units.folded_name
