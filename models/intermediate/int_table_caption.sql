-- The lines that stand above a table and belong to it: the paragraphs since the
-- table before, and the heading rows inside the table. A row of words alone that
-- was read as a table (`单位名称：… | | 单位：万元`) is such a line too, and so is the
-- name of a sheet, the farthest one. `distance` counts upwards.
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

-- A cell as wide as its table above every row of several cells is a line, whatever
-- its words look like.
wide_rows as (

    select
        source_table_id,
        row_number
    from (
        select
            cells.source_table_id,
            cells.row_number,
            max(cells.column_span) = max(tables.column_count) as is_wide,
            max(case when count(*) > 1 then 1 else 0 end) over (
                partition by cells.source_table_id
                order by cells.row_number
                rows between unbounded preceding and current row
            ) = 1 as is_below_others
        from cells
        inner join tables on cells.source_table_id = tables.source_table_id
        where cells.folded_text <> '' and tables.column_count > 1
        group by cells.source_table_id, cells.row_number
    ) as filled_rows
    where is_wide and not is_below_others

),

heading_rows as (

    select source_table_id, row_number from {{ ref('stg_table_row') }} where row_kind = 'heading'
    union
    select source_table_id, row_number from wide_rows

),

-- Captions printed as a table of their own: one row, or only headings, no number.
caption_tables as (

    select tables.source_table_id
    from tables
    inner join {{ ref('stg_table_row') }} as every_row
        on tables.source_table_id = every_row.source_table_id
    left join cells
        on
            tables.source_table_id = cells.source_table_id
            and cells.is_number
    where cells.cell_id is null
    group by tables.source_table_id
    having
        count(distinct every_row.row_number) = 1
        or (
            count(distinct every_row.row_number) = 2
            and count(distinct case
                when every_row.row_kind not in ('heading', 'blank') then every_row.row_number
            end) = 0
        )

),

real_tables as (

    select tables.*
    from tables
    left join caption_tables
        on tables.source_table_id = caption_tables.source_table_id
    where caption_tables.source_table_id is null

),

tables_with_previous as (

    select
        *,
        coalesce(
            lag(block) over (partition by document_id order by block), -1
        ) as previous_block
    from real_tables

),

lines as (

    select
        document_id,
        block,
        0 as place,
        printed_text,
        folded_text,
        cast(null as {{ dbt.type_string() }}) as cell_id
    from paragraphs

    union all

    select
        tables.document_id,
        tables.block,
        1000 * cells.row_number + cells.column_number as place,
        cells.printed_text,
        cells.folded_text,
        cells.cell_id
    from caption_tables
    inner join tables on caption_tables.source_table_id = tables.source_table_id
    inner join cells on caption_tables.source_table_id = cells.source_table_id
    where cells.folded_text <> ''

),

lines_above as (

    select
        tables_with_previous.source_table_id,
        tables_with_previous.document_id,
        lines.printed_text,
        lines.folded_text,
        lines.cell_id,
        100 + row_number() over (
            partition by tables_with_previous.source_table_id
            order by lines.block desc, lines.place desc
        ) as distance
    from tables_with_previous
    inner join lines
        on
            tables_with_previous.document_id = lines.document_id
            and lines.block < tables_with_previous.block
            and lines.block > tables_with_previous.previous_block
            and lines.block >= tables_with_previous.block - 60

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
union all
-- a workbook may say what a table is on the tab of its sheet alone
select
    source_table_id,
    document_id,
    sheet as printed_text,
    {{ fold_label('sheet') }} as folded_text,
    cast(null as {{ dbt.type_string() }}) as cell_id,
    900 as distance
from real_tables
where sheet is not null
