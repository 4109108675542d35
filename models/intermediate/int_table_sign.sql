-- Signs that a table is of amounts whatever its title and header say: rows that
-- print an official code, the name of one or an item of 三公, with a number behind
-- it. Also whether any line stands above the table. One row per table.
with

tables as (

    select * from {{ ref('stg_table') }}

),

cells as (

    select * from {{ ref('stg_cell') }} where folded_text <> ''

),

-- The name of a sheet alone is no line above a table.
captions as (

    select distinct source_table_id from {{ ref('int_table_caption') }} where distance < 900

),

codes as (

    select distinct code
    from {{ ref('int_code') }}
    where classification in ('functional', 'department', 'government')

),

names as (

    select distinct folded_name
    from {{ ref('int_code_name') }}
    where classification in ('functional', 'department', 'government')

),

items as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('row_label') }}
    where kind = 'three_public'

),

labels as (

    select distinct
        folded_text,
        {{ strip_ordinal('folded_text') }} as plain_label
    from cells
    where not is_number and length(folded_text) between 3 and 40

),

-- 3.办公费, 30201办公费, 公务接待费; all others are words like any.
budget_labels as (

    select folded_text
    from labels
    where
        plain_label in (select names.folded_name from names)
        or {{ regex_extract('folded_text', "'^([0-9]{3}|[0-9]{5}|[0-9]{7})[^0-9]'", 1) }} in (select codes.code from codes)

    union

    select labels.folded_text
    from labels
    inner join items
        on {{ fits_pattern('labels.plain_label', 'items.pattern', 'items.words', whole=true) }}

),

placed as (

    select
        source_table_id,
        row_number,
        column_number,
        folded_text,
        is_number,
        lead(is_number) over (
            partition by source_table_id, row_number order by column_number
        ) as is_number_next
    from cells

),

-- A code counts with words behind it: 208 alone may be a number of things.
row_signs as (

    select
        placed.source_table_id,
        placed.row_number,
        min(case when not placed.is_number then placed.column_number end) as first_word_column,
        min(case
            when
                budget_labels.folded_text is not null
                or (codes.code is not null and not placed.is_number_next)
                then placed.column_number
        end) as sign_column,
        max(case when placed.is_number and codes.code is null then placed.column_number end)
            as last_number_column
    from placed
    left join codes on placed.folded_text = codes.code
    left join budget_labels on placed.folded_text = budget_labels.folded_text
    group by placed.source_table_id, placed.row_number

),

counts as (

    select
        source_table_id,
        count(case when last_number_column > sign_column then 1 end) as budget_row_count,
        count(case when last_number_column > first_word_column then 1 end) as figure_row_count
    from row_signs
    group by source_table_id

)

select
    tables.source_table_id,
    coalesce(counts.budget_row_count, 0) as budget_row_count,
    coalesce(counts.figure_row_count, 0) as figure_row_count,
    captions.source_table_id is not null as has_caption
from tables
left join counts on tables.source_table_id = counts.source_table_id
left join captions on tables.source_table_id = captions.source_table_id
