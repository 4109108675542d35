-- Lines of a table that stand in running text, where no reader took them for one:
-- a figure alone, figures behind a short label or code. One row per document and
-- page whose figures are lost. Plain integers and 2024.12 are no figures here: so
-- pages, years, dates and telephones are printed. A tab before a figure, and tags of
-- a table in HTML of which a part is missing, show a row by themselves.
{%- set strict = '[(-]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\\.[0-9]+)?|[0-9]+\\.[0-9]{2,})\\)?' %}
{%- set loose = '[(-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?\\)?' %}
{%- set gap = '[\\s|]+' %}
{%- set tag = '</?(?:table|thead|tbody|tfoot|caption|TABLE|THEAD|TBODY|TFOOT|CAPTION|[tT][rdhRDH])(?:\\s[^<>]*)?>' %}
with

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

lines as (

    select
        document_id,
        block,
        page,
        line,
        {{ split_rows(half_width('printed_text'), "chr(10)") }} as line_text
    from paragraphs

),

trimmed as (

    select
        document_id,
        block,
        page,
        line,
        {{ regex_matches('line_text', "'" ~ tag ~ "'") }} as is_tagged,
        {{ regex_replace(regex_replace('line_text', "'" ~ tag ~ "'", "'|'"), "'^" ~ gap ~ "|" ~ gap ~ "$'", "''") }}
            as line_text
    from lines

),

classified as (

    select
        *,
        case
            when {{ regex_matches('line_text', "'^(?:19|20)[0-9]{2}\\.(?:0[1-9]|1[0-2])$'") }} then null
            when is_tagged and {{ regex_matches('line_text', "'(?:^|[|])" ~ strict ~ "(?:$|[|])'") }} then 'row'
            when {{ regex_matches('line_text', "'^" ~ strict ~ "$'") }} then 'alone'
            -- a sentence, or a list in one
            when {{ regex_matches('line_text', "'[。；;：:？！%]|[，、,](?:[^0-9]|$)'") }} then null
            when
                {{ regex_matches('line_text', "'(?:^|[\\s|])" ~ strict ~ gap ~ "(?:[^0-9]{2,20}" ~ gap ~ ")?" ~ loose ~ "$'") }}
                or {{ regex_matches('line_text', "'(?:^|[\\s|])" ~ loose ~ gap ~ strict ~ "$'") }}
                or {{ regex_matches('line_text', "'^[^\\t]{1,40}\\t+" ~ strict ~ "$'") }}
                then 'row'
            when {{ regex_matches('line_text', "'^.{1,40}[\\s|]" ~ strict ~ "$'") }} then 'alone'
        end as line_kind
    from trimmed

),

first_lines as (

    select
        *,
        row_number() over (
            partition by document_id, coalesce(page, 0) order by block, line nulls last
        ) as line_rank
    from classified
    where line_kind is not null

)

-- One figure in a line may stand there by chance, several cannot.
select
    document_id,
    page,
    min(line) as line,
    count(*) as line_count,
    min(case when line_rank = 1 then line_text end) as first_text
from first_lines
group by document_id, page
having count(case when line_kind = 'row' then 1 end) >= 1 or count(*) >= 3
