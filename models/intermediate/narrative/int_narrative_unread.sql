-- What the tables print that running text may speak of and that could not be read as a
-- number: a figure of the same subject stays unchecked rather than be held against another
-- cell. By its row and column alone, for a cell without an amount is no int_amount. One row
-- per subject and cell.
with

amount_cells as (

    select * from {{ ref('int_amount_cell') }} where amount_yuan is null

),

columns as (

    select * from {{ ref('int_column') }}

),

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded'

),

rows_in_tables as (

    select * from {{ ref('int_row') }}

),

resolutions as (

    select * from {{ ref('int_row_resolution') }} where slot = 'main'

),

classes as (

    select * from {{ ref('economic_class_measure') }} where classification = 'department'

),

cells as (

    select
        amount_cells.document_id,
        amount_cells.cell_id,
        tables.statement,
        rows_in_tables.row_role,
        rows_in_tables.label_kind,
        rows_in_tables.label_value,
        resolutions.classification,
        resolutions.tree_code,
        classes.measure as class_measure,
        coalesce(columns.side, rows_in_tables.pane_side, 'expenditure') as side,
        coalesce(columns.measure, 'total') as measure
    from amount_cells
    inner join tables on amount_cells.source_table_id = tables.source_table_id
    inner join columns
        on
            amount_cells.source_table_id = columns.source_table_id
            and amount_cells.column_number = columns.column_number
    inner join rows_in_tables
        on
            amount_cells.source_table_id = rows_in_tables.source_table_id
            and amount_cells.row_number = rows_in_tables.row_number
            and amount_cells.pane_number = rows_in_tables.pane_number
    left join resolutions
        on
            amount_cells.source_table_id = resolutions.source_table_id
            and amount_cells.row_number = resolutions.row_number
            and amount_cells.pane_number = resolutions.pane_number
    left join classes on resolutions.classification = 'department' and resolutions.tree_code = classes.class_code
    where coalesce(rows_in_tables.row_role, 'code') <> 'unit'

)

select
    document_id,
    cell_id,
    'total' as subject_kind,
    case when side = 'revenue' then 'revenue' else 'expenditure' end as subject_code,
    case when label_kind = 'measure' then label_value else measure end as measure
from cells
where
    side <> 'carryover_out'
    and (row_role in ('total', 'grand_total') or label_kind in ('measure', 'revenue_source'))

union all

select
    document_id,
    cell_id,
    'total' as subject_kind,
    'expenditure' as subject_code,
    class_measure as measure
from cells
where class_measure is not null

union all

select
    document_id,
    cell_id,
    classification as subject_kind,
    tree_code as subject_code,
    measure
from cells
where tree_code is not null and row_role = 'code' and side not in ('revenue', 'carryover_out')

union all

select
    document_id,
    cell_id,
    case when label_value = 'carryover_in' then 'total' else 'balance' end as subject_kind,
    case when label_value = 'carryover_in' then 'revenue' else label_value end as subject_code,
    'total' as measure
from cells
where label_kind = 'balance_item'

union all

select
    document_id,
    cell_id,
    'balance' as subject_kind,
    'carryover_out' as subject_code,
    'total' as measure
from cells
where side = 'carryover_out' and row_role in ('total', 'grand_total') and measure = 'total'

union all

-- of these tables any item may be meant
select
    document_id,
    cell_id,
    statement as subject_kind,
    cast(null as {{ dbt.type_string() }}) as subject_code,
    'total' as measure
from cells
where statement in ('three_public', 'agency_operation', 'procurement')
