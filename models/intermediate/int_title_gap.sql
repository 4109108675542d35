-- Titles of which not every word is known, and that name no source of money: what
-- is not understood may have named it, or a part of expenditure (保基本开支). The name
-- of the publisher, of a region or of an organisation is no such word. One row per
-- table whose amounts are facts.
with

tables as (

    select * from {{ ref('int_table') }} where status = 'loaded' and title_fund is null

),

documents as (

    select * from {{ ref('int_document') }}

),

organisations as (

    select * from {{ ref('organization_suffix') }}

),

-- longer words first: 财政拨款 before 财政
known_words as (

    select {{ string_aggregate('word', "'|'", 'sort_key') }} as pattern
    from (
        select word, cast(100 - length(word) as {{ dbt.type_string() }}) || word as sort_key
        from {{ ref('title_word') }}
    ) as sorted_words

),

-- 某局2024年支出表, 2024年某县某局支出表（单位：元）
without_names as (

    select
        tables.source_table_id,
        tables.document_id,
        tables.title,
        {{ regex_replace(
            regex_replace(
                regex_replace(
                    "replace(replace(tables.folded_title, coalesce(" ~ fold_label('documents.unit_name') ~ ", ''), ''), coalesce(" ~ fold_label('documents.department_name') ~ ", ''), '')",
                    "'^.{2,40}?(20[0-9]{2}年)|[(]?(?:金额)?单位:.*?元[)]?|[(][百千万亿]{0,2}元[)]'", "'\\1'"
                ),
                "'^[(]?[一二三四五六七八九十]+[)、.]'", "''"
            ),
            "'^(?:20[0-9]{2}年?度?)?[^预决收支三]{2,12}?(?:县|区|市|旗|州|盟|省|镇|乡)(?:本级|级)?'", "''"
        ) }} as plain_title
    from tables
    inner join documents on tables.document_id = documents.document_id

),

unknown as (

    select
        without_names.source_table_id,
        without_names.document_id,
        without_names.title,
        {{ regex_replace(
            regex_replace(
                regex_replace('without_names.plain_title', 'known_words.pattern', "'、'"),
                "'[^\\p{Han}]+'", "'、'"
            ),
            "'^、|、$'", "''"
        ) }} as words
    from without_names
    cross join known_words

)

select
    source_table_id,
    document_id,
    title,
    words
from unknown
where
    length(replace(words, '、', '')) >= 2
    and not {{ regex_matches('words', "'(县|区|市|旗|州|盟|省|本级)$'") }}
    and not exists (
        select 1 from organisations where unknown.words like '%' || organisations.suffix
    )
