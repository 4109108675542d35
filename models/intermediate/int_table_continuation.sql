-- Tables that go on with a statement under a title of their own: 部门支出总表（续）
-- below 部门支出总表, with the same columns and without a total row. One row per
-- table that goes on, with the table that begins the statement.
{%- set mark = "'\\(续表?[0-9一二三四五六七八九十]*\\)|^续表?[0-9一二三四五六七八九十]*|续表?[0-9一二三四五六七八九十]*$'" %}
with

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded'

),

columns as (

    select * from {{ ref('int_column') }}

),

rows_in_tables as (

    select * from {{ ref('int_row') }}

),

meanings as (

    select
        source_table_id,
        {{ string_aggregate(
            "coalesce(column_role, '') || ',' || coalesce(side, '') || ',' || coalesce(measure, '') || ','
            || coalesce(fund, '') || ',' || coalesce(year_basis, '') || ',' || coalesce(phase, '') || ','
            || coalesce(item, '') || ',' || coalesce(classification, '') || ','
            || cast(pane_number as " ~ dbt.type_string() ~ ")",
            "'/'",
            'column_number'
        ) }} as column_meanings
    from columns
    group by source_table_id

),

row_roles as (

    select
        source_table_id,
        max(case when row_role in ('total', 'grand_total') then 1 else 0 end) = 1 as has_total,
        max(case when row_role = 'unit' then 1 else 0 end) = 1 as has_units
    from rows_in_tables
    group by source_table_id

),

-- A part is the first of its statement when it has no mark in its title.
parts as (

    select
        tables.source_table_id,
        tables.document_id,
        tables.statement,
        tables.block,
        {{ regex_matches('tables.folded_title', mark) }} as is_marked,
        row_roles.has_total,
        tables.document_id || '/' || tables.statement || '/' || tables.amount_unit
        || '/' || {{ regex_replace('tables.folded_title', mark, "''") }}
        || '/' || meanings.column_meanings as part_key
    from tables
    inner join meanings on tables.source_table_id = meanings.source_table_id
    inner join row_roles on tables.source_table_id = row_roles.source_table_id
    where not row_roles.has_units

),

begun as (

    select
        *,
        {{ last_known('case when not is_marked then source_table_id end', 'part_key', 'block') }} as first_table_id
    from parts

)

select
    source_table_id,
    first_table_id
from begun
where is_marked and not has_total and first_table_id is not null
