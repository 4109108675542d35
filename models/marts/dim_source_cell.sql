-- Only cells that something refers to: amounts, counts, indicators, citations and the cells of
-- findings; and spans of running text, with the box of the paragraph they begin in.
with

cells as (

    select * from {{ ref('stg_cell') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

tables as (

    select * from {{ ref('int_table') }}

),

amounts as (

    select cell_id, amount_unit from {{ ref('int_amount_cell') }}
    union all
    select cell_id, amount_unit from {{ ref('int_target_amount') }}

),

indicators as (

    select cell_id from {{ ref('int_target_indicator') }}

),

others as (

    select cell_id from {{ ref('int_finding_form') }} where cell_id is not null
    union
    select cell_id from {{ ref('stg_citation') }} where source_table_id is not null
    union
    select cell_id from {{ ref('stg_formula') }} where source_table_id is not null
    union
    select cell_id from {{ ref('int_resource') }}
    union
    select cell_id from {{ ref('int_policy_standard') }} where source_table_id is not null

),

spans as (

    select * from {{ ref('int_text_span') }}

),

used as (

    select cell_id, amount_unit from amounts

    union all

    select distinct cell_id, cast(null as {{ dbt.type_string() }}) as amount_unit
    from indicators

    union all

    select cell_id, cast(null as {{ dbt.type_string() }}) as amount_unit
    from others
    where
        cell_id not in (select amounts.cell_id from amounts)
        and cell_id not in (select indicators.cell_id from indicators)

)

select
    cells.cell_id,
    'cell' as kind,
    cells.document_id,
    documents.file_name,
    cells.page,
    tables.sheet,
    cells.line,
    cells.source_table_id,
    cells.row_number,
    cells.column_number,
    cast(null as integer) as character_start,
    cast(null as integer) as character_end,
    cells.printed_text,
    used.amount_unit,
    cells.box_left,
    cells.box_top,
    cells.box_right,
    cells.box_bottom,
    cells.is_recognised
from cells
inner join used on cells.cell_id = used.cell_id
inner join documents on cells.document_id = documents.document_id
inner join tables on cells.source_table_id = tables.source_table_id

union all

select
    spans.cell_id,
    'text' as kind,
    spans.document_id,
    documents.file_name,
    spans.page,
    cast(null as {{ dbt.type_string() }}) as sheet,
    spans.line,
    cast(null as {{ dbt.type_string() }}) as source_table_id,
    cast(null as integer) as row_number,
    cast(null as integer) as column_number,
    spans.character_start,
    spans.character_end,
    spans.printed_text,
    spans.amount_unit,
    paragraphs.box_left,
    paragraphs.box_top,
    paragraphs.box_right,
    paragraphs.box_bottom,
    coalesce(
        ',' || contents.recognised_pages || ',' like '%,' || cast(spans.page as {{ dbt.type_string() }}) || ',%',
        false
    ) as is_recognised
from spans
inner join {{ ref('stg_document') }} as contents on spans.document_id = contents.document_id
inner join documents on spans.document_id = documents.document_id
inner join {{ ref('stg_paragraph') }} as paragraphs
    on
        spans.document_id = paragraphs.document_id
        and spans.block = paragraphs.block
