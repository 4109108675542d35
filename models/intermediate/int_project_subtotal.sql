-- Rows of a table of projects that are none themselves but sum up those below them:
-- a function above its projects (教育支出, without a name of a project), or a project
-- above the codes of its money, named once more in each. One row per row of a pane.
with

panes as (

    select * from {{ ref('int_table_family') }} where family = 'project'

),

tables as (

    select * from {{ ref('int_table') }}

),

functions as (

    select distinct folded_name
    from {{ ref('int_code_name') }}
    where classification = 'functional'

),

printed_rows as (

    select
        rows_in_tables.source_table_id,
        rows_in_tables.row_number,
        rows_in_tables.pane_number,
        rows_in_tables.code_digits,
        rows_in_tables.project_name_text,
        tables.has_project_column,
        functions.folded_name is not null as is_function,
        lead(rows_in_tables.code_digits) over (
            partition by rows_in_tables.source_table_id, rows_in_tables.pane_number
            order by rows_in_tables.row_number
        ) as code_below,
        lead(rows_in_tables.project_name_text) over (
            partition by rows_in_tables.source_table_id, rows_in_tables.pane_number
            order by rows_in_tables.row_number
        ) as project_below
    from {{ ref('int_row') }} as rows_in_tables
    inner join panes
        on
            rows_in_tables.source_table_id = panes.source_table_id
            and rows_in_tables.pane_number = panes.pane_number
    inner join tables on rows_in_tables.source_table_id = tables.source_table_id
    left join functions on rows_in_tables.plain_label = functions.folded_name
    where rows_in_tables.row_role = 'code'

)

select
    source_table_id,
    row_number,
    pane_number
from printed_rows
where
    case
        when not has_project_column then code_digits is null and code_below is not null and is_function
        when project_name_text is null then code_below like code_digits || '%'
        else project_name_text = project_below and code_digits is null and code_below is not null
    end
