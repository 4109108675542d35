-- Identities that something unread may belong to: a row identity with an unread
-- number in its row, a column identity with one in its column. One row per
-- identity.
with

identity_cells as (

    select * from {{ ref('int_identity_cell') }}

),

rules as (

    select * from {{ ref('rule') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

gaps as (

    select * from {{ ref('int_reading_gap') }}

),

placed as (

    select distinct
        identity_cells.identity_key,
        rules.rule_family,
        cells.source_table_id,
        cells.row_number,
        cells.column_number
    from identity_cells
    inner join rules on identity_cells.rule_id = rules.rule_id
    inner join cells on identity_cells.cell_id = cells.cell_id
    where rules.rule_family in ('hierarchy', 'table_total', 'balance', 'row_parts')

)

select distinct placed.identity_key
from placed
inner join gaps
    on
        placed.source_table_id = gaps.source_table_id
        and (
            (placed.rule_family = 'row_parts' and placed.row_number = gaps.row_number)
            or (placed.rule_family <> 'row_parts' and placed.column_number = gaps.column_number)
        )
