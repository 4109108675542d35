-- The code that a row prints, its digits joined: one column or three, a lost
-- zero restored, a name glued to its code (`2010506统计管理`, `[201]一般公共服务支出`)
-- parted from it, or in brackets behind it (`行政运行（2010301）`); `2024年预算数`
-- begins with a year. One row per table, row, pane and slot.
{%- set digits = "'^[0-9]+$'" %}
{%- set behind = "'[^0-9年][(\\[]([0-9]{3}|[0-9]{5}|[0-9]{7})[)\\]]$'" %}
with

texts as (

    select * from {{ ref('int_row_text') }}

),

parts as (

    select
        *,
        coalesce(
            code_text,
            nullif(
                coalesce(class_text, '')
                || coalesce('|' || section_text, '')
                || coalesce('|' || item_text, ''),
                ''
            )
        ) as printed_code_text,
        case
            when {{ regex_matches('code_text', "'^[0-9]+$'") }} then code_text
            when {{ regex_matches('code_text', "'^[\\[(]?[0-9]{3,7}[^0-9年]'") }}
                then {{ regex_extract('code_text', "'^[\\[(]?([0-9]{3,7})'", 1) }}
            when code_text is null and {{ regex_matches('class_text', "'^[0-9]+$'") }}
                then
                    class_text
                    || case
                        when section_text is null then ''
                        when {{ regex_matches('section_text', "'^[0-9]{1,2}$'") }}
                            then lpad(section_text, 2, '0')
                        else section_text
                    end
                    || case
                        when item_text is null then ''
                        when {{ regex_matches('item_text', "'^[0-9]{1,2}$'") }}
                            then lpad(item_text, 2, '0')
                        else item_text
                    end
            when
                code_text is null and class_text is null
                and {{ regex_matches('name_text', "'^[\\[(]?[0-9]{3,7}[^0-9年、.,:]'") }}
                then {{ regex_extract('name_text', "'^[\\[(]?([0-9]{3,7})'", 1) }}
            when code_text is null and class_text is null
                then {{ regex_extract('name_text', behind, 1) }}
        end as code_digits,
        coalesce(
            {{ regex_extract('code_text', "'^[\\[(]?[0-9]{3,7}[\\])_-]*([^0-9年\\])_-].*)$'", 1) }},
            {{ regex_extract('name_text', "'^[\\[(]?[0-9]{3,7}[\\])_-]*([^0-9年、.,:\\])_-].*)$'", 1) }},
            case
                when code_text is null and class_text is null and {{ regex_matches('name_text', behind) }}
                    then {{ regex_replace('name_text', "'[(\\[][0-9]+[)\\]]$'", "''") }}
            end
        ) as glued_name
    from texts

),

described as (

    select
        source_table_id,
        document_id,
        row_number,
        row_kind,
        pane_number,
        slot,
        classification,
        case when {{ regex_matches('code_digits', digits) }} then coalesce(printed_code_text, code_digits) end
            as printed_code,
        -- 208 | 05离退休: words among the parts of a code are no code
        case when {{ regex_matches('code_digits', digits) }} then code_digits end as code_digits,
        coalesce(glued_name, name_text) as folded_name,
        coalesce(glued_name, printed_name) as printed_name,
        {{ strip_ordinal('coalesce(glued_name, name_text)') }} as plain_name,
        -- the words of the row, wherever they stand: 合计 may stand in any column
        coalesce(
            glued_name,
            name_text,
            case when not {{ regex_matches("coalesce(code_text, '0')", "'[0-9]'") }} then code_text end,
            case when not {{ regex_matches("coalesce(class_text, '0')", "'[0-9]'") }} then class_text end,
            project_name_text,
            unit_name_text,
            case when not {{ regex_matches("coalesce(unit_code_text, '0')", "'[0-9]'") }} then unit_code_text end,
            project_type_text
        ) as label_text,
        unit_code_text,
        unit_name_text,
        printed_unit_name,
        project_name_text,
        printed_project_name,
        project_code_text,
        project_type_text,
        name_cell_id,
        code_cell_id
    from parts

),

amounts_in_panes as (

    select
        cells.source_table_id,
        cells.row_number,
        columns.pane_number,
        count(*) as amount_count
    from {{ ref('stg_cell') }} as cells
    inner join {{ ref('int_column') }} as columns
        on
            cells.source_table_id = columns.source_table_id
            and cells.column_number = columns.column_number
            and columns.column_role = 'amount'
    where cells.is_number
    group by cells.source_table_id, cells.row_number, columns.pane_number

),

-- 公用经费合计 | | | | 92.10: the words stand in one pane, the amount in the next,
-- where the row has no words at all
wordless as (

    select
        amounts_in_panes.source_table_id,
        tables.document_id,
        amounts_in_panes.row_number,
        data_rows.row_kind,
        amounts_in_panes.pane_number
    from amounts_in_panes
    inner join {{ ref('int_table') }} as tables
        on
            amounts_in_panes.source_table_id = tables.source_table_id
            and tables.status = 'loaded'
    inner join {{ ref('stg_table_row') }} as data_rows
        on
            amounts_in_panes.source_table_id = data_rows.source_table_id
            and amounts_in_panes.row_number = data_rows.row_number
            and data_rows.row_kind = 'data'
    left join described
        on
            amounts_in_panes.source_table_id = described.source_table_id
            and amounts_in_panes.row_number = described.row_number
            and amounts_in_panes.pane_number = described.pane_number
            and described.slot = 'main'
    where described.source_table_id is null

),

all_rows as (

    select * from described

    union all

    select
        source_table_id,
        document_id,
        row_number,
        row_kind,
        pane_number,
        'main' as slot,
        null as classification,
        null as printed_code,
        null as code_digits,
        null as folded_name,
        null as printed_name,
        null as plain_name,
        null as label_text,
        null as unit_code_text,
        null as unit_name_text,
        null as printed_unit_name,
        null as project_name_text,
        null as printed_project_name,
        null as project_code_text,
        null as project_type_text,
        null as name_cell_id,
        null as code_cell_id
    from wordless

),

neighbours as (
    select
        all_rows.*,
        lag(all_rows.label_text) over (
            partition by all_rows.source_table_id, all_rows.row_number, all_rows.slot
            order by all_rows.pane_number
        ) as label_on_the_left,
        lag(coalesce(amounts_in_panes.amount_count, 0)) over (
            partition by all_rows.source_table_id, all_rows.row_number, all_rows.slot
            order by all_rows.pane_number
        ) as amounts_on_the_left
    from all_rows
    left join amounts_in_panes
        on
            all_rows.source_table_id = amounts_in_panes.source_table_id
            and all_rows.row_number = amounts_in_panes.row_number
            and all_rows.pane_number = amounts_in_panes.pane_number

)

select
    source_table_id,
    document_id,
    row_number,
    row_kind,
    pane_number,
    slot,
    classification,
    printed_code,
    code_digits,
    folded_name,
    printed_name,
    plain_name,
    case
        when
            coalesce(label_text, '') = '' and code_digits is null
            and coalesce(amounts_on_the_left, 1) = 0
            and {{ regex_matches('label_on_the_left', "'(合计|总计|小计)$'") }}
            then label_on_the_left
        else label_text
    end as label_text,
    unit_code_text,
    unit_name_text,
    printed_unit_name,
    project_name_text,
    printed_project_name,
    project_code_text,
    project_type_text,
    name_cell_id,
    code_cell_id
from neighbours
