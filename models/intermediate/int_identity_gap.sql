-- Identities that something unread may belong to: a row identity with an unread
-- number in its row, a column identity with one in its column, with rows of codes
-- beside it that were not read, or with a page before or after its table that was
-- not read; and a row identity of a table whose columns go on on the next page, where
-- nobody knows whose they are. One row per identity.
with

identity_cells as (

    select * from {{ ref('int_identity_cell') }}

),

rules as (

    select * from {{ ref('rule') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

gaps as (

    select * from {{ ref('int_reading_gap') }}

),

-- Each page that was not read, between commas, and the tables beside one.
documents as (

    select
        document_id,
        ',' || coalesce(unread_pages || ',', '') || coalesce(scanned_pages || ',', '') as pages
    from {{ ref('stg_document') }}
    where unread_pages is not null or scanned_pages is not null

),

table_pages as (

    select
        source_table_id,
        min(document_id) as document_id,
        min(page) as first_page,
        max(page) as last_page
    from cells
    group by source_table_id

),

cut_tables as (

    select table_pages.source_table_id
    from table_pages
    inner join documents on table_pages.document_id = documents.document_id
    where
        documents.pages like '%,' || cast(table_pages.first_page - 1 as {{ dbt.type_string() }}) || ',%'
        or documents.pages like '%,' || cast(table_pages.last_page + 1 as {{ dbt.type_string() }}) || ',%'

),

tables as (

    select
        *,
        lead(source_table_id) over (partition by document_id order by block) as next_table_id
    from {{ ref('int_table') }}

),

captions as (

    select * from {{ ref('int_table_caption') }} where distance < 900

),

-- What stands above a right half says no more than the unit and the number of the form.
titled_tables as (

    select distinct source_table_id
    from captions
    where not {{ regex_matches('folded_text', "'单位:|^.{0,4}[0-9]+(-[0-9]+)?表?.{0,2}$'") }}

),

halved_tables as (

    select tables.source_table_id
    from tables
    inner join table_pages on tables.source_table_id = table_pages.source_table_id
    inner join tables as next_tables on tables.next_table_id = next_tables.source_table_id
    left join titled_tables on next_tables.source_table_id = titled_tables.source_table_id
    where
        next_tables.statement is null
        and next_tables.status = 'not_understood'
        and next_tables.page = table_pages.last_page + 1
        and next_tables.row_count <= tables.row_count
        and titled_tables.source_table_id is null

),

codes as (

    select distinct code from {{ ref('int_code') }}

),

-- Rows of codes under a heading that nobody knows: what stands beside their codes is
-- lost to every sum of the table. 05 is the part of a code that its own column prints.
unread_numbers as (

    select
        gaps.source_table_id,
        gaps.column_number,
        {{ trimmed('cells.printed_text') }} as printed_text,
        codes.code is not null or {{ regex_matches(trimmed('cells.printed_text'), "'^0[0-9]+$'") }} as is_code
    from gaps
    inner join cells on gaps.cell_id = cells.cell_id
    left join codes on {{ trimmed('cells.printed_text') }} = codes.code
    where gaps.gap_kind = 'column_not_understood' and cells.is_number

),

lost_codes as (

    select source_table_id
    from unread_numbers
    group by source_table_id, column_number
    having
        count(distinct case when is_code then printed_text end) > 2
        or count(case when is_code then 1 end) = count(*)

),

placed as (

    select distinct
        identity_cells.identity_key,
        rules.rule_family,
        cells.source_table_id,
        cells.row_number,
        cells.column_number
    from identity_cells
    inner join rules on identity_cells.rule_id = rules.rule_id
    inner join cells on identity_cells.cell_id = cells.cell_id
    where not rules.is_copy

)

select distinct placed.identity_key
from placed
inner join gaps
    on
        placed.source_table_id = gaps.source_table_id
        and (
            (placed.rule_family = 'row_parts' and placed.row_number = gaps.row_number)
            or (
                placed.rule_family in ('hierarchy', 'table_total', 'balance')
                and placed.column_number = gaps.column_number
            )
        )

union

select placed.identity_key
from placed
inner join cut_tables on placed.source_table_id = cut_tables.source_table_id
where placed.rule_family in ('hierarchy', 'table_total', 'balance')

union

select placed.identity_key
from placed
inner join lost_codes on placed.source_table_id = lost_codes.source_table_id
where placed.rule_family <> 'row_parts'

union

select placed.identity_key
from placed
inner join halved_tables on placed.source_table_id = halved_tables.source_table_id
where placed.rule_family = 'row_parts'
