-- The words and codes of a data row, one row per table, row, pane and slot. The
-- slot `paired` holds the government code beside a department code; everything
-- else is `main`. A functional code beside an economic one is left out: such a
-- row is about its economic code. Text of a cell that spans several rows counts
-- for each. A row whose only word is 合计 is called so, in whatever column it stands.
with

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded'

),

data_rows as (

    select * from {{ ref('stg_table_row') }} where row_kind in ('data', 'header_total')

),

cells as (

    select * from {{ ref('stg_cell') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

kinds_of_pane as (

    select
        columns.source_table_id,
        columns.column_number,
        columns.pane_number,
        columns.classification,
        -- a balance has no projects: 项目名称 there heads its lines as 项目 does
        case
            when
                columns.column_role = 'project_name'
                and tables.statement in ('balance', 'appropriation_balance')
                and max(case when columns.column_role = 'name' then 1 else 0 end)
                    over (partition by columns.source_table_id, columns.pane_number) = 0
                then 'name'
            else columns.column_role
        end as column_role,
        max(case when columns.classification in ('department', 'government', 'economic') then 1 else 0 end)
            over (partition by columns.source_table_id, columns.pane_number) = 1 as has_economic_code
    from columns
    inner join tables on columns.source_table_id = tables.source_table_id

),

slots as (

    select
        *,
        case
            when
                classification = 'government'
                and max(case when classification = 'department' then 1 else 0 end) over (
                    partition by source_table_id, pane_number
                ) = 1
                then 'paired'
            else 'main'
        end as slot
    from kinds_of_pane
    where
        column_role in (
            'code', 'code_class', 'code_section', 'code_item', 'name', 'unit_code',
            'unit_name', 'project_name', 'project_code', 'project_type'
        )
        and not (has_economic_code and coalesce(classification, '') = 'functional')

),

total_slots as (

    select
        *,
        'main' as slot,
        'total' as text_role
    from kinds_of_pane
    where coalesce(column_role, '') not in ('amount', 'count', 'ratio')

),

all_slots as (

    select source_table_id, pane_number, slot, column_role as text_role, column_number, classification
    from slots

    union all

    select source_table_id, pane_number, slot, text_role, column_number, classification
    from total_slots

),

texts as (

    select
        tables.source_table_id,
        tables.document_id,
        data_rows.row_number,
        data_rows.row_kind,
        all_slots.pane_number,
        all_slots.slot,
        all_slots.text_role as column_role,
        all_slots.column_number,
        all_slots.classification,
        cells.cell_id,
        cells.row_number as cell_row_number,
        {{ trimmed('cells.printed_text') }} as printed_text,
        cells.folded_text
    from tables
    inner join data_rows on tables.source_table_id = data_rows.source_table_id
    inner join cells
        on
            data_rows.source_table_id = cells.source_table_id
            and data_rows.row_number >= cells.row_number
            and data_rows.row_number < cells.row_number + cells.row_span
    inner join all_slots
        on
            cells.source_table_id = all_slots.source_table_id
            and cells.column_number = all_slots.column_number
    where
        all_slots.text_role <> 'total'
        or {{ regex_matches('cells.folded_text', "'^(合计|总计|小计|总合计)$'") }}

),

slot_kinds as (

    select
        source_table_id,
        pane_number,
        slot,
        max(classification) as classification
    from slots
    group by source_table_id, pane_number, slot

),

pivoted as (

    select
        source_table_id,
        document_id,
        row_number,
        max(row_kind) as row_kind,
        pane_number,
        slot,
        max(case when column_role = 'code' then folded_text end) as code_text,
        max(case when column_role = 'code_class' then folded_text end) as class_text,
        max(case when column_role = 'code_section' then folded_text end) as section_text,
        max(case when column_role = 'code_item' then folded_text end) as item_text,
        max(case when column_role = 'name' then folded_text end) as name_text,
        max(case when column_role = 'name' then printed_text end) as printed_name,
        max(case when column_role = 'unit_code' then folded_text end) as unit_code_text,
        max(case when column_role = 'unit_name' then folded_text end) as unit_name_text,
        max(case when column_role = 'unit_name' then printed_text end) as printed_unit_name,
        max(case when column_role = 'project_name' then folded_text end) as project_name_text,
        max(case when column_role = 'project_name' then printed_text end) as printed_project_name,
        max(case when column_role = 'project_code' then folded_text end) as project_code_text,
        max(case when column_role = 'project_type' then folded_text end) as project_type_text,
        max(case when column_role = 'total' then folded_text end) as total_text,
        max(case when column_role = 'total' then printed_text end) as printed_total,
        max(case when column_role = 'total' then cell_id end) as total_cell_id,
        max(case when column_role = 'name' then cell_id end) as name_cell_id,
        max(case
            when column_role in ('code', 'code_class', 'code_section', 'code_item')
                then cell_id
        end) as code_cell_id
    from texts
    group by source_table_id, document_id, row_number, pane_number, slot

),

named as (

    select
        source_table_id,
        document_id,
        row_number,
        row_kind,
        pane_number,
        slot,
        code_text,
        class_text,
        section_text,
        item_text,
        case when has_words then name_text else total_text end as name_text,
        case when has_words then printed_name else printed_total end as printed_name,
        unit_code_text,
        unit_name_text,
        printed_unit_name,
        project_name_text,
        printed_project_name,
        project_code_text,
        project_type_text,
        case when has_words then name_cell_id else total_cell_id end as name_cell_id,
        code_cell_id
    from (
        select
            *,
            coalesce(
                code_text, class_text, section_text, item_text, name_text, unit_code_text, unit_name_text,
                project_name_text, project_code_text, project_type_text
            ) is not null as has_words
        from pivoted
    ) as judged

)

select
    named.*,
    slot_kinds.classification
from named
inner join slot_kinds
    on
        named.source_table_id = slot_kinds.source_table_id
        and named.pane_number = slot_kinds.pane_number
        and named.slot = slot_kinds.slot
