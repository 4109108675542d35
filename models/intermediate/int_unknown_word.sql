-- What is printed that no seed knows: titles of tables with money, or words of them,
-- labels of columns and rows, tables without a unit. One row per document, kind and text.
with

tables as (

    select * from {{ ref('int_table') }}

),

captions as (

    select
        source_table_id,
        printed_text,
        distance,
        case
            when {{ regex_matches('folded_text', "'表([(].*[)])?$'") }} then 1
            when not {{ regex_matches('folded_text', "':|^[0-9年月日]+$'") }} then 2
        end as likeliness
    from {{ ref('int_table_caption') }}

),

likeliest_captions as (

    select
        source_table_id,
        printed_text
    from (
        select
            source_table_id,
            printed_text,
            row_number() over (
                partition by source_table_id order by likeliness, distance, printed_text
            ) as caption_rank
        from captions
        where likeliness is not null
    ) as ranked
    where caption_rank = 1

),

words as (

    select
        tables.document_id,
        'title' as kind,
        coalesce(likeliest_captions.printed_text, '（无表名）') as word
    from tables
    left join likeliest_captions on tables.source_table_id = likeliest_captions.source_table_id
    where tables.reason_code = 'no_statement'

    union all

    select
        tables.document_id,
        'column' as kind,
        substr(columns.label_path, 1, 120) as word
    from {{ ref('int_column') }} as columns
    inner join tables on columns.source_table_id = tables.source_table_id
    where
        columns.column_role is null
        and columns.label_path <> ''
        and (tables.is_money or tables.money_column_count > 0)

    union all

    select
        document_id,
        'row' as kind,
        substr(row_name, 1, 80) as word
    from {{ ref('int_amount') }}
    where fact is null and coalesce(label_kind, '') <> 'count'

    union all

    select
        document_id,
        'no_unit' as kind,
        title as word
    from tables
    where reason_code = 'no_unit'

    union all

    select
        document_id,
        'title_word' as kind,
        words as word
    from {{ ref('int_title_gap') }}

)

select
    document_id,
    kind,
    word,
    cast(count(*) as integer) as occurrences
from words
group by document_id, kind, word
