-- The rows of procurement tables that name what is bought, with its kind: by the code
-- of the catalogue (A goods, B works, C services) or by the word beside it. Rows that
-- print 货物 or 合计 alone are no purchases. One row per table, row and pane.
{%- set catalogue_code = "'([ABC][0-9]{2,})'" %}
with

texts as (

    select row_texts.*
    from {{ ref('int_row_text') }} as row_texts
    inner join {{ ref('int_table') }} as tables
        on row_texts.source_table_id = tables.source_table_id
    where tables.statement = 'procurement'

),

table_rows as (

    select * from {{ ref('int_row') }} where statement = 'procurement'

),

categories as (

    select * from {{ ref('procurement_category') }}

),

described as (

    select
        texts.source_table_id,
        texts.row_number,
        texts.pane_number,
        texts.printed_name,
        texts.printed_project_name,
        texts.code_text,
        table_rows.label_kind,
        coalesce(
            {{ regex_extract('texts.code_text', catalogue_code, 1) }},
            {{ regex_extract('texts.name_text', catalogue_code, 1) }},
            {{ regex_extract('texts.project_name_text', catalogue_code, 1) }}
        ) as catalogue_code
    from texts
    inner join table_rows
        on
            texts.source_table_id = table_rows.source_table_id
            and texts.row_number = table_rows.row_number
            and texts.pane_number = table_rows.pane_number
    where
        table_rows.row_role = 'code'
        -- 货物 with its price and nothing else sums up
        and not (table_rows.label_kind is not null and coalesce(texts.project_name_text, '') = '')

)

select
    described.source_table_id,
    described.row_number,
    described.pane_number,
    described.catalogue_code,
    coalesce(catalogued.category, worded.category) as category,
    coalesce(
        described.printed_name,
        {{ regex_replace('described.code_text', "'^[A-C]?[0-9-]+'", "''") }},
        described.printed_project_name
    ) as purchase_name,
    described.printed_project_name as project_name
from described
left join categories as catalogued
    on {{ regex_matches('described.catalogue_code', 'catalogued.catalogue_pattern') }}
left join categories as worded
    on
        worded.catalogue_pattern is not null
        and described.code_text like worded.name_zh || '%'
where
    coalesce(described.printed_name, described.code_text, described.printed_project_name) is not null
