-- Where a performance form prints its indicators: between the row of headings and
-- the signatures. One row per form.
with

cells as (

    select * from {{ ref('int_target_cell') }}

),

headed as (

    select
        source_table_id,
        form_number,
        min(document_id) as document_id,
        min(statement) as statement,
        max(case when is_list then 1 else 0 end) = 1 as is_list,
        min(list_row_number) as list_row_number,
        min(case when column_role = 'indicator' then row_number end) as header_row_number
    from cells
    group by source_table_id, form_number

),

footers as (

    select
        cells.source_table_id,
        cells.form_number,
        min(cells.row_number) as footer_row_number
    from cells
    inner join headed
        on
            cells.source_table_id = headed.source_table_id
            and cells.form_number = headed.form_number
    where
        cells.is_footer
        and cells.column_number = 0
        and cells.row_number > headed.header_row_number
    group by cells.source_table_id, cells.form_number

)

select
    headed.*,
    coalesce(footers.footer_row_number, 1000000000) as footer_row_number
from headed
left join footers
    on
        headed.source_table_id = footers.source_table_id
        and headed.form_number = footers.form_number
