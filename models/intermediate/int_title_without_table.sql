-- Titles of statements, with the unit of the amounts below them, that no table
-- follows before the next title: the table is a picture, or no reader found it, or only
-- its end, below amounts that were left as text. A title above a line that says there
-- is nothing to print is none. One row per title.
with

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

tables as (

    select document_id, block from {{ ref('stg_table') }}

),

patterns as (

    select
        statement_title.*,
        {{ split_rows(words_of_pattern('statement_title.pattern'), "'|'") }} as words
    from {{ ref('statement_title') }} as statement_title
    inner join {{ ref('statement') }} as statement
        on statement_title.statement = statement.statement
    where statement.is_money

),

lines as (

    select
        *,
        row_number() over (partition by document_id order by block) as line_number,
        {{ regex_matches('folded_text', "'表(\\(.*\\))?$'") }}
        and length(folded_text) between 3 and 60
        and not {{ regex_matches('folded_text', "'[。；:]'") }} as may_be_title,
        {{ unit_in_caption('folded_text') }} is not null as states_unit,
        {{ regex_matches('folded_text', "'无|没有|空表|空白|不涉及|为零|为0'") }} as says_nothing,
        {{ regex_matches('folded_text', "'[0-9]\\.[0-9]{2}'") }}
        and not {{ regex_matches('folded_text', "'[。；]'") }} as is_row_of_amounts
    from paragraphs

),

titles as (

    select distinct
        lines.document_id,
        lines.block,
        lines.line_number,
        lines.page,
        lines.line,
        lines.printed_text
    from lines
    inner join patterns
        on
            lines.may_be_title
            and {{ fits_pattern('lines.folded_text', 'patterns.pattern', 'patterns.words') }}
            and (
                patterns.excludes is null
                or not {{ regex_matches('lines.folded_text', 'patterns.excludes') }}
            )

),

-- 单位：万元 stands among the three lines below a title.
announced as (

    select
        titles.document_id,
        titles.block,
        min(lines.block) as unit_block
    from titles
    inner join lines
        on
            titles.document_id = lines.document_id
            and lines.line_number between titles.line_number + 1 and titles.line_number + 3
            and lines.states_unit
    group by titles.document_id, titles.block

),

bounded as (

    select
        announced.document_id,
        announced.block,
        min(titles.block) as next_title_block
    from announced
    left join titles
        on
            announced.document_id = titles.document_id
            and titles.block > announced.unit_block
    group by announced.document_id, announced.block

),

followed as (

    select
        bounded.document_id,
        bounded.block,
        bounded.next_title_block,
        min(tables.block) as table_block
    from bounded
    left join tables
        on
            bounded.document_id = tables.document_id
            and tables.block > bounded.block
            and (bounded.next_title_block is null or tables.block < bounded.next_title_block)
    group by bounded.document_id, bounded.block, bounded.next_title_block

)

select
    titles.document_id,
    titles.block,
    titles.page,
    titles.line,
    titles.printed_text
from followed
inner join titles
    on
        followed.document_id = titles.document_id
        and followed.block = titles.block
where
    (
        followed.table_block is null
        or exists (
            select 1
            from lines
            where
                lines.document_id = followed.document_id
                and lines.is_row_of_amounts
                and lines.block > followed.block
                and lines.block < followed.table_block
        )
    )
    and not exists (
        select 1
        from lines
        where
            lines.document_id = followed.document_id
            and lines.says_nothing
            and lines.block > followed.block
            and lines.block <= followed.block + 8
            and (followed.next_title_block is null or lines.block < followed.next_title_block)
    )
