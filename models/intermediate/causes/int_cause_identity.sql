-- The identities that are searched for causes: all that could be checked, of the
-- documents in which one fails. The residual is what is printed less what is
-- computed; a change of a cell moves the residuals of all its identities. One row
-- per identity.
with

identities as (

    select * from {{ ref('int_identity') }} where verdict <> 'unchecked'

),

failing_documents as (

    select distinct document_id from identities where verdict = 'discrepancy'

),

rules as (

    select * from {{ ref('rule') }}

),

-- Where the printed total stands, and with it the column that the sum runs down.
places as (

    select
        identity_cells.identity_key,
        min({{ first_table('cell') }}) as table_key,
        min(cell.column_number) as column_number
    from {{ ref('int_identity_cell') }} as identity_cells
    inner join (
        select
            cells.cell_id,
            cells.source_table_id,
            cells.column_number,
            continuations.first_table_id
        from {{ ref('stg_cell') }} as cells
        left join {{ ref('int_table_continuation') }} as continuations
            on cells.source_table_id = continuations.source_table_id
    ) as cell
        on identity_cells.cell_id = cell.cell_id
    where identity_cells.term_role = 'total'
    group by identity_cells.identity_key

)

select
    identities.identity_key,
    identities.document_id,
    identities.rule_id,
    identities.subject_code,
    rules.rule_family in ('hierarchy', 'table_total') as is_column_sum,
    rules.rule_family = 'row_parts' as is_row_sum,
    rules.is_copy,
    places.table_key,
    places.column_number,
    coalesce(tables.has_secrecy_note, false) as has_secrecy_note,
    identities.difference_yuan as residual_yuan,
    identities.bound_yuan,
    identities.terms
from identities
inner join failing_documents on identities.document_id = failing_documents.document_id
inner join rules on identities.rule_id = rules.rule_id
inner join places on identities.identity_key = places.identity_key
left join {{ ref('int_table') }} as tables on places.table_key = tables.source_table_id
