-- The code that a row prints, its digits joined: one column or three, a lost
-- zero restored, a name glued to its code (`2010506统计管理`, `[201]一般公共服务支出`)
-- parted from it. One row per table, row, pane and slot.
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
            when {{ regex_matches('code_text', "'^[\\[(]?[0-9]{3,7}[^0-9]'") }}
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
                and {{ regex_matches('name_text', "'^[\\[(]?[0-9]{3,7}[^0-9、.,:]'") }}
                then {{ regex_extract('name_text', "'^[\\[(]?([0-9]{3,7})'", 1) }}
        end as code_digits,
        coalesce(
            {{ regex_extract('code_text', "'^[\\[(]?[0-9]{3,7}[\\])_-]*([^0-9\\])_-].*)$'", 1) }},
            {{ regex_extract('name_text', "'^[\\[(]?[0-9]{3,7}[\\])_-]*([^0-9、.,:\\])_-].*)$'", 1) }}
        ) as glued_name
    from texts

)

select
    source_table_id,
    document_id,
    row_number,
    row_kind,
    pane_number,
    slot,
    classification,
    case when code_digits is not null then coalesce(printed_code_text, code_digits) end
        as printed_code,
    code_digits,
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
