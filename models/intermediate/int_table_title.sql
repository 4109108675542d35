-- The title of a table and the statement it announces: the nearest caption that
-- a pattern of `statement_title` fits, a line with the word 表 before others. A line
-- without that word is none above a sentence: it heads running text. Nor is it one in
-- brackets, which qualifies a title, nor a row of a table (六、科学技术支出).
with

captions as (

    select * from {{ ref('int_table_caption') }}

),

patterns as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('statement_title') }}

),

statements as (

    select * from {{ ref('statement') }}

),

sentences as (

    select
        source_table_id,
        min(distance) as distance
    from captions
    where {{ regex_matches('folded_text', "'。$'") }} and length(folded_text) > 20
    group by source_table_id

),

official_names as (

    {{ official_names() }}

),

title_lines as (

    select
        *,
        {{ regex_matches('folded_text', "'表(\\(.*\\))?$|表\\('") }} as says_table,
        -- every sheet of a set counts its tables from the title downwards
        row_number() over (
            partition by source_table_id
            order by distance
        ) as line_rank
    from captions
    where
        length(folded_text) between 3 and 60
        and not {{ regex_matches('folded_text', "'。|；'") }}

),

distinct_lines as (

    select distinct folded_text
    from title_lines

),

matched_lines as (

    select
        distinct_lines.folded_text,
        patterns.statement,
        row_number() over (
            partition by distinct_lines.folded_text
            order by patterns.priority
        ) as pattern_rank
    from distinct_lines
    inner join patterns
        on
            {{ fits_pattern('distinct_lines.folded_text', 'patterns.pattern', 'patterns.words') }}
            and (
                patterns.excludes is null
                or not {{ regex_matches('distinct_lines.folded_text', 'patterns.excludes') }}
            )

),

ranked as (

    select
        title_lines.source_table_id,
        title_lines.document_id,
        title_lines.printed_text as title,
        title_lines.folded_text as folded_title,
        title_lines.distance,
        matched_lines.statement,
        row_number() over (
            partition by title_lines.source_table_id
            order by
                case when title_lines.says_table then 0 else 1 end,
                title_lines.distance
        ) as title_rank
    from title_lines
    inner join matched_lines
        on
            title_lines.folded_text = matched_lines.folded_text
            and matched_lines.pattern_rank = 1
    left join sentences on title_lines.source_table_id = sentences.source_table_id
    left join official_names
        on {{ strip_ordinal('title_lines.folded_text') }} = official_names.folded_name
    where
        title_lines.says_table
        or (
            title_lines.line_rank <= 4
            and official_names.folded_name is null
            -- (部门预算支出经济分类科目); 三、国有资本经营预算 三、国防支出
            and not {{ regex_matches('title_lines.folded_text', "'^[(][^()表]*[)]$|[一二三四五六七八九十]、.*[一二三四五六七八九十]、'") }}
            and title_lines.distance < coalesce(sentences.distance, title_lines.distance + 1)
        )

)

select
    ranked.source_table_id,
    ranked.document_id,
    ranked.title,
    ranked.folded_title,
    ranked.statement,
    statements.is_money
from ranked
inner join statements on ranked.statement = statements.statement
where ranked.title_rank = 1
