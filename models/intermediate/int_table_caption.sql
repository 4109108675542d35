-- The lines that stand above a table and belong to it: the paragraphs since the
-- table before, and the heading rows inside the table. `distance` counts upwards.
with

tables as (

    select * from {{ ref('stg_table') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

cells as (

    select * from {{ ref('stg_cell') }}

),

heading_rows as (

    select * from {{ ref('stg_table_row') }} where row_kind = 'heading'

),

tables_with_previous as (

    select
        *,
        coalesce(
            lag(block) over (partition by document_id order by block), -1
        ) as previous_block
    from tables

),

lines_above as (

    select
        tables_with_previous.source_table_id,
        tables_with_previous.document_id,
        paragraphs.printed_text,
        paragraphs.folded_text,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        100 + row_number() over (
            partition by tables_with_previous.source_table_id
            order by paragraphs.block desc
        ) as distance
    from tables_with_previous
    inner join paragraphs
        on
            tables_with_previous.document_id = paragraphs.document_id
            and paragraphs.block < tables_with_previous.block
            and paragraphs.block > tables_with_previous.previous_block
            and paragraphs.block >= tables_with_previous.block - 60

),

lines_inside as (

    select
        cells.source_table_id,
        cells.document_id,
        cells.printed_text,
        cells.folded_text,
        cells.cell_id,
        row_number() over (
            partition by cells.source_table_id
            order by cells.row_number desc, cells.column_number desc
        ) as distance
    from cells
    inner join heading_rows
        on
            cells.source_table_id = heading_rows.source_table_id
            and cells.row_number = heading_rows.row_number

)

select * from lines_inside
union all
select * from lines_above
where distance <= 112
