-- Every number in an amount column of a loaded table, in 元, with the rounding
-- bound of its table and unit. Numbers that no decimal holds stay NULL and are
-- reported. A row of changes (增减率) holds no more amounts than a column of them.
-- One row per cell.
with

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded'

),

columns as (

    select * from {{ ref('int_column') }}

),

units as (

    select * from {{ ref('amount_unit') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

rows_of_changes as (

    select
        source_table_id,
        row_number,
        pane_number
    from {{ ref('int_row') }}
    where label_kind = 'change'

),

data_rows as (

    select * from {{ ref('stg_table_row') }} where row_kind in ('data', 'header_total')

),

amounts as (

    select
        cells.document_id,
        cells.source_table_id,
        cells.cell_id,
        cells.row_number,
        cells.column_number,
        columns.pane_number,
        cells.printed_text,
        cells.number_value,
        cells.number_scale,
        cells.is_number,
        -- the unit beside the number, then the column's, then the table's
        coalesce(own_units.amount_unit, units.amount_unit, tables.amount_unit)
            as amount_unit,
        coalesce(own_units.factor, units.factor, tables.factor) as factor
    from cells
    inner join tables on cells.source_table_id = tables.source_table_id
    inner join data_rows
        on
            cells.source_table_id = data_rows.source_table_id
            and cells.row_number = data_rows.row_number
    inner join columns
        on
            cells.source_table_id = columns.source_table_id
            and cells.column_number = columns.column_number
            and columns.column_role = 'amount'
    left join units
        on {{ unit_in_label('columns.label_path') }} = units.amount_unit
    left join units as own_units on cells.own_unit = own_units.amount_unit
    left join rows_of_changes
        on
            cells.source_table_id = rows_of_changes.source_table_id
            and cells.row_number = rows_of_changes.row_number
            and columns.pane_number = rows_of_changes.pane_number
    where
        not cells.is_blank_amount
        and rows_of_changes.source_table_id is null
        -- 单位：万元 over the amounts, once more at the top of a page
        and (
            cells.is_number
            or coalesce({{ unit_in_caption('cells.folded_text') }}, '') <> coalesce(tables.amount_unit, 'unknown')
        )

),

bounded as (

    select
        *,
        max(case when is_number then number_scale end) over (
            partition by source_table_id, amount_unit
        ) as finest_scale
    from amounts

)

select
    document_id,
    source_table_id,
    cell_id,
    row_number,
    column_number,
    pane_number,
    printed_text,
    is_number,
    number_scale,
    amount_unit,
    factor,
    finest_scale,
    try_cast(number_value * cast(factor as decimal(9, 0)) as decimal(20, 4)) as amount_yuan,
    {{ half_unit('finest_scale', 'factor') }} as half_unit_yuan
from bounded
