-- What arithmetic says of each amount cell. `proven`: in an identity that holds
-- and is no mere copy, and in none that fails. `disputed`: named by the cause of
-- one that fails. One row per amount cell.
with

amounts as (

    select cell_id from {{ ref('int_printed_amount') }}

),

identities as (

    select * from {{ ref('int_identity') }}

),

identity_cells as (

    select distinct identity_key, cell_id from {{ ref('int_identity_cell') }}

),

cause_cells as (

    select distinct cell_id from {{ ref('int_cause_cell') }}

),

held as (

    select distinct identity_cells.cell_id
    from identity_cells
    inner join identities on identity_cells.identity_key = identities.identity_key
    where
        identities.verdict in ('exact', 'rounding', 'suspicious')
        and not identities.is_copy

)

select
    amounts.cell_id,
    case
        when cause_cells.cell_id is not null then 'disputed'
        when held.cell_id is not null then 'proven'
        else 'unchecked'
    end as proof
from amounts
left join held on amounts.cell_id = held.cell_id
left join cause_cells on amounts.cell_id = cause_cells.cell_id
