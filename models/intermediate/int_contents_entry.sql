-- The statements that the contents list (目录) of a document names, in a table of
-- numbers and titles or in lines below 目录, and whether the document has them: a line
-- with that title outside the list, or a table of that statement. One row per entry.
{%- set ordinal = "'^[-·]?(?:(?:附?表|附件)?(?:[一二三四五六七八九十]+|[0-9]{1,2}(?:[-－][0-9]+)?[、.:)])[、.:)]?)+(?:表)?'" %}
with

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind in ('text', 'contents')

),

tables as (

    select * from {{ ref('int_table') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

captions as (

    select * from {{ ref('int_table_caption') }}

),

patterns as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('statement_title') }}

),

first_tables as (

    select
        document_id,
        min(block) as first_block
    from tables
    group by document_id

),

headings as (

    select
        paragraphs.document_id,
        min(paragraphs.block) as heading_block
    from paragraphs
    where paragraphs.folded_text in ('目录', '目次')
    group by paragraphs.document_id

),

-- Three titles of tables and not one figure beyond a number of a page.
contents_tables as (

    select cells.source_table_id
    from cells
    inner join tables on cells.source_table_id = tables.source_table_id
    where tables.status = 'not_a_statement' and tables.statement is null
    group by cells.source_table_id
    having
        count(case when {{ regex_matches('cells.folded_text', "'.{4}表(?:\\(.*\\))?$'") }} then 1 end) >= 3
        and count(case when cells.number_scale > 0 then 1 end) = 0

),

listed as (

    select
        cells.document_id,
        cells.source_table_id,
        cells.cell_id,
        tables.block,
        cells.page,
        cells.line,
        {{ trimmed('cells.printed_text') }} as printed_text,
        cells.folded_text
    from cells
    inner join contents_tables on cells.source_table_id = contents_tables.source_table_id
    inner join tables on cells.source_table_id = tables.source_table_id

    union all

    select
        paragraphs.document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        paragraphs.block,
        paragraphs.page,
        paragraphs.line,
        {{ trimmed(regex_replace('paragraphs.printed_text', "'[.．…·\\s]*[0-9]*\\s*$'", "''")) }} as printed_text,
        {{ regex_replace('paragraphs.folded_text', "'[.…·]*[0-9]*$'", "''") }} as folded_text
    from paragraphs
    inner join headings
        on
            paragraphs.document_id = headings.document_id
            and paragraphs.block > headings.heading_block
    left join first_tables on paragraphs.document_id = first_tables.document_id
    where
        paragraphs.block < coalesce(first_tables.first_block, 1000000)
        and paragraphs.block <= headings.heading_block + 80
        and {{ regex_matches('paragraphs.folded_text', ordinal) }}

),

entries as (

    select
        *,
        {{ title_core('folded_text', ordinal) }} as core,
        row_number() over (
            partition by document_id, {{ title_core('folded_text', ordinal) }} order by block, cell_id
        ) as print_rank
    from listed
    where
        {{ regex_matches('folded_text', "'表(?:\\(.*\\))?$'") }}
        and length(folded_text) between 5 and 60
        and not {{ regex_matches('folded_text', "'目录|[。；]'") }}

),

matched as (

    select
        entries.*,
        patterns.statement,
        row_number() over (
            partition by entries.document_id, entries.core, entries.block, entries.cell_id
            order by patterns.priority
        ) as pattern_rank
    from entries
    inner join patterns
        on
            {{ fits_pattern('entries.core', 'patterns.pattern', 'patterns.words') }}
            and (
                patterns.excludes is null
                or not {{ regex_matches('entries.core', 'patterns.excludes') }}
            )
    where entries.print_rank = 1

),

-- What stands outside the list: lines, captions inside tables, names of sheets.
lines as (

    select
        paragraphs.document_id,
        {{ title_core('paragraphs.folded_text', ordinal) }} as core
    from paragraphs
    left join entries
        on
            paragraphs.document_id = entries.document_id
            and paragraphs.block = entries.block
            and entries.print_rank = 1
    where entries.block is null and length(paragraphs.folded_text) between 4 and 80

    union

    select
        captions.document_id,
        {{ title_core('captions.folded_text', ordinal) }} as core
    from captions
    left join contents_tables on captions.source_table_id = contents_tables.source_table_id
    where
        contents_tables.source_table_id is null
        and (captions.cell_id is not null or captions.distance = 900)

),

found_lines as (

    select distinct
        matched.document_id,
        matched.core
    from matched
    inner join lines
        on
            matched.document_id = lines.document_id
            and (
                lines.core like '%' || matched.core || '%'
                or (
                    matched.core like '%' || lines.core || '%'
                    and lines.core like '%表'
                    and length(lines.core) >= 6
                )
            )

)

select
    matched.document_id,
    matched.source_table_id,
    matched.cell_id,
    matched.block,
    matched.page,
    matched.line,
    matched.printed_text,
    matched.statement,
    found_lines.core is not null
    or exists (
        select 1
        from tables
        where
            tables.document_id = matched.document_id
            and tables.statement = matched.statement
    ) as is_found
from matched
left join found_lines
    on
        matched.document_id = found_lines.document_id
        and matched.core = found_lines.core
where matched.pattern_rank = 1
