-- The project that each row of a performance form is about, and the unit that
-- carries it out: what stands beside the field names, or in the columns under
-- them where projects are rows. One row per table and row number.
with

cells as (

    select * from {{ ref('int_target_cell') }}

),

forms as (

    select * from {{ ref('int_target_form') }}

),

captions as (

    select * from {{ ref('int_table_caption') }}

),

table_rows as (

    select distinct
        source_table_id,
        form_number,
        row_number
    from cells

),

-- 项目名称：… may stand above the table.
captioned as (

    select
        source_table_id,
        {{ regex_extract('printed_text', "'^\\s*(?:项目|专项资金|专项)名称\\s*[:：]\\s*(\\S.*)$'", 1) }} as project_name,
        row_number() over (partition by source_table_id order by distance) as name_rank
    from captions
    where {{ regex_matches('printed_text', "'^\\s*(?:项目|专项资金|专项)名称\\s*[:：]\\s*\\S'") }}

),

beside as (

    select
        cells.source_table_id,
        cells.form_number,
        max(case when cells.field = 'project_name' then {{ trimmed('next_cells.printed_text') }} end) as project_name,
        max(case when cells.field = 'project_code' then next_cells.folded_text end) as project_code,
        max(case when cells.field = 'unit' then {{ trimmed('next_cells.printed_text') }} end) as unit_name,
        max(case when cells.field = 'project_name' then next_cells.cell_id end) as project_cell_id
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.form_number = forms.form_number
            and not forms.is_list
    inner join cells as next_cells
        on
            cells.next_cell_id = next_cells.cell_id
            -- a project may be called 其他资金
            and (cells.field = 'project_name' or not next_cells.is_label)
    where
        cells.field in ('project_name', 'project_code', 'unit')
        and (forms.header_row_number is null or cells.row_number < forms.header_row_number)
    group by cells.source_table_id, cells.form_number

),

-- A list: name and code are carried down to the rows of further indicators.
list_columns as (

    select
        cells.source_table_id,
        cells.field,
        min(cells.column_number) as column_number
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and forms.is_list
            and cells.row_number between forms.list_row_number and forms.header_row_number
    where cells.field in ('project_name', 'project_code', 'unit')
    group by cells.source_table_id, cells.field

),

list_names as (

    select
        cells.source_table_id,
        cells.row_number,
        max(case when list_columns.field = 'project_name' then {{ trimmed('cells.printed_text') }} end) as project_name,
        max(case when list_columns.field = 'project_code' then cells.folded_text end) as project_code,
        max(case when list_columns.field = 'unit' then {{ trimmed('cells.printed_text') }} end) as unit_name,
        max(case when list_columns.field = 'project_name' then cells.cell_id end) as project_cell_id
    from cells
    inner join forms
        on
            cells.source_table_id = forms.source_table_id
            and cells.row_number > forms.header_row_number
    inner join list_columns
        on
            cells.source_table_id = list_columns.source_table_id
            and cells.column_number = list_columns.column_number
    group by cells.source_table_id, cells.row_number

),

list_starts as (

    select
        table_rows.source_table_id,
        table_rows.row_number,
        list_names.project_name,
        list_names.project_code,
        list_names.unit_name,
        list_names.project_cell_id,
        {{ last_known(
            'case when list_names.project_name is not null or list_names.project_code is not null then table_rows.row_number end',
            'table_rows.source_table_id', 'table_rows.row_number'
        ) }} as start_row_number
    from table_rows
    inner join forms
        on
            table_rows.source_table_id = forms.source_table_id
            and forms.is_list
    left join list_names
        on
            table_rows.source_table_id = list_names.source_table_id
            and table_rows.row_number = list_names.row_number

)

select
    table_rows.source_table_id,
    table_rows.row_number,
    table_rows.row_number as start_row_number,
    coalesce(beside.project_name, captioned.project_name) as project_name,
    beside.project_code,
    beside.unit_name,
    beside.project_cell_id
from table_rows
inner join forms
    on
        table_rows.source_table_id = forms.source_table_id
        and table_rows.form_number = forms.form_number
        and not forms.is_list
left join beside
    on
        table_rows.source_table_id = beside.source_table_id
        and table_rows.form_number = beside.form_number
left join captioned
    on
        table_rows.source_table_id = captioned.source_table_id
        and captioned.name_rank = 1

union all

select
    list_starts.source_table_id,
    list_starts.row_number,
    list_starts.start_row_number,
    starts.project_name,
    starts.project_code,
    starts.unit_name,
    starts.project_cell_id
from list_starts
left join list_starts as starts
    on
        list_starts.source_table_id = starts.source_table_id
        and list_starts.start_row_number = starts.row_number
