-- Places where a loaded table prints a number or a row that could not be read: a
-- sum that misses them proves nothing against the disclosure. One row per cell
-- and kind of gap.
with

amount_cells as (

    select * from {{ ref('int_amount_cell') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded'

),

columns as (

    select * from {{ ref('int_column') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

table_rows as (

    select * from {{ ref('stg_table_row') }}

),

data_rows as (

    select * from table_rows where row_kind in ('data', 'header_total')

)

select
    source_table_id,
    row_number,
    column_number,
    cell_id,
    'unreadable_amount' as gap_kind
from amount_cells
where amount_yuan is null

union all

select
    source_table_id,
    row_number,
    column_number,
    cell_id,
    case
        when is_contradicting then 'contradicting_columns'
        when is_unread_column then 'column_not_understood'
        else 'row_not_understood'
    end as gap_kind
from amounts
where
    fact is null
    and coalesce(label_kind, '') <> 'count'
    -- 车辆数合计(辆) below money
    and cell_id not in (select resources.cell_id from {{ ref('int_resource') }} as resources)

union all

select
    source_table_id,
    row_number,
    column_number,
    cell_id,
    'unresolved_name' as gap_kind
from amounts
where
    (fact in ('functional', 'economic') or family = 'revenue_code')
    and row_role = 'code'
    and tree_code is null

union all

select
    cells.source_table_id,
    cells.row_number,
    cells.column_number,
    cells.cell_id,
    'column_not_understood' as gap_kind
from cells
inner join tables on cells.source_table_id = tables.source_table_id
inner join data_rows
    on
        cells.source_table_id = data_rows.source_table_id
        and cells.row_number = data_rows.row_number
left join columns
    on
        cells.source_table_id = columns.source_table_id
        and cells.column_number = columns.column_number
where
    cells.is_number
    and (columns.column_role is null or columns.column_role = 'ambiguous')

union all

-- 会议费 | 1.20 below columns of other amounts
select
    cells.source_table_id,
    cells.row_number,
    cells.column_number,
    cells.cell_id,
    'row_not_understood' as gap_kind
from cells
inner join tables on cells.source_table_id = tables.source_table_id
inner join table_rows
    on
        cells.source_table_id = table_rows.source_table_id
        and cells.row_number = table_rows.row_number
        and table_rows.row_kind = 'unplaced'
where cells.is_number
