-- The numbers of tables that may count things, with every word that speaks for them:
-- those to the left in the row (`side` row) and those above (`side` column), the
-- nearest first. One row per number and word.
{%- set quantity = "'^[0-9][0-9,.]*(?:辆|台|套|台\\(套\\)|平方米|㎡|个|人|人次|批次|批|次|家)$'" %}
with

tables as (

    select *
    from {{ ref('int_table') }}
    where
        statement = 'resource'
        or (statement in ('three_public', 'agency_operation') and status = 'loaded')

),

cells as (

    select cells.*
    from {{ ref('stg_cell') }} as cells
    inner join tables on cells.source_table_id = tables.source_table_id
    where cells.folded_text <> ''

),

table_rows as (

    select * from {{ ref('stg_table_row') }}

),

columns as (

    select * from {{ ref('int_column') }}

),

numbers as (

    select
        cells.*,
        tables.statement,
        table_rows.row_kind = 'counts' as is_pair
    from cells
    inner join tables on cells.source_table_id = tables.source_table_id
    inner join table_rows
        on
            cells.source_table_id = table_rows.source_table_id
            and cells.row_number = table_rows.row_number
            and table_rows.row_kind in ('data', 'header_total', 'counts')
    left join columns
        on
            cells.source_table_id = columns.source_table_id
            and cells.column_number = columns.column_number
    where
        (cells.is_number or {{ regex_matches('cells.folded_text', quantity) }})
        and coalesce(columns.column_role, 'count') in ('amount', 'count', 'text', 'ambiguous', 'note')

),

words as (

    select
        cells.*,
        table_rows.row_kind,
        min(case when table_rows.row_kind in ('data', 'header_total') and cells.is_number then cells.row_number end) over (
            partition by cells.source_table_id
        ) as first_row_number
    from cells
    inner join table_rows
        on
            cells.source_table_id = table_rows.source_table_id
            and cells.row_number = table_rows.row_number

),

beside as (

    select
        numbers.source_table_id,
        numbers.document_id,
        numbers.cell_id,
        'row' as side,
        words.folded_text as label_text,
        numbers.is_pair,
        row_number() over (
            partition by numbers.cell_id
            order by words.column_number desc, words.row_number desc
        ) as place
    from numbers
    inner join words
        on
            numbers.source_table_id = words.source_table_id
            and words.column_number < numbers.column_number
            and numbers.row_number >= words.row_number
            and numbers.row_number < words.row_number + words.row_span
            and not words.is_number
            and not words.is_blank_amount
            and not {{ regex_matches('words.folded_text', quantity) }}

),

-- Headings as the table prints them above the first row of figures; those of amounts say
-- nothing of counts below them.
above as (

    select
        numbers.source_table_id,
        numbers.document_id,
        numbers.cell_id,
        'column' as side,
        words.folded_text as label_text,
        row_number() over (
            partition by numbers.cell_id
            order by words.row_number desc
        ) as place
    from numbers
    inner join words
        on
            numbers.source_table_id = words.source_table_id
            and words.row_number < numbers.row_number
            and words.row_number < words.first_row_number
            and words.row_kind not in ('heading', 'note')
            and not numbers.is_pair
            and numbers.column_number >= words.column_number
            and numbers.column_number < words.column_number + words.column_span
            and not words.is_number
            and not words.is_blank_amount

),

-- In 公务用车购置数 | 1 | 公务用车保有量 | 4 each number has one label.
gathered as (

    select
        source_table_id,
        document_id,
        cell_id,
        side,
        label_text,
        place
    from beside
    where not is_pair or place = 1
    union all
    select * from above

),

contexts as (

    select
        cell_id,
        {{ string_aggregate('label_text', "'/'", 'side, place') }} as context_text
    from gathered
    group by cell_id

)

select
    gathered.*,
    contexts.context_text
from gathered
inner join contexts on gathered.cell_id = contexts.cell_id
