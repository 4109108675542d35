-- The short lines that may say who publishes a document and for which year:
-- running text, captions of tables, titles joined over line breaks, the names of
-- the file and of the folders it lies in. One row per document, source and line.
with

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

captions as (

    select * from {{ ref('int_table_caption') }}

),

first_tables as (

    select
        document_id,
        min(block) as first_table_block
    from {{ ref('stg_table') }}
    group by document_id

),

-- 编制单位： in one cell of a sheet and the name in the next.
joined_captions as (

    select
        document_id,
        printed_text,
        folded_text,
        cell_id,
        distance,
        lag(folded_text) over (partition by source_table_id order by distance) as next_text
    from captions

),

lines as (

    select
        paragraphs.document_id,
        case
            when
                paragraphs.block < 12
                and paragraphs.block < coalesce(first_tables.first_table_block, 12)
                then 'cover'
            else 'text'
        end as source_kind,
        paragraphs.folded_text,
        paragraphs.printed_text,
        paragraphs.block,
        cast(null as {{ dbt.type_string() }}) as cell_id
    from paragraphs
    left join first_tables on paragraphs.document_id = first_tables.document_id
    where length(paragraphs.folded_text) between 2 and 80

    union all

    select
        document_id,
        'table_head' as source_kind,
        folded_text
        || case when {{ regex_matches('folded_text', "':$'") }} then coalesce(next_text, '') else '' end
            as folded_text,
        printed_text,
        0 as block,
        cell_id
    from joined_captions
    where length(folded_text) between 2 and 80

    union all

    -- a title broken over two or three lines
    select
        document_id,
        'title' as source_kind,
        folded_text
        || coalesce(lead(folded_text, 1) over (partition by document_id order by block), '')
        || coalesce(lead(folded_text, 2) over (partition by document_id order by block), '')
            as folded_text,
        printed_text,
        block,
        cast(null as {{ dbt.type_string() }}) as cell_id
    from paragraphs
    where block <= 12 and length(folded_text) <= 40

    union all

    select
        document_id,
        'file_name' as source_kind,
        {{ regex_replace(fold_label('file_name'), "'\\.[a-zA-Z]+$'", "''") }} as folded_text,
        file_name as printed_text,
        1000000 as block,
        cast(null as {{ dbt.type_string() }}) as cell_id
    from documents

    union all

    select
        document_id,
        'folder' as source_kind,
        {{ fold_label('folder') }} as folded_text,
        folder as printed_text,
        1000001 as block,
        cast(null as {{ dbt.type_string() }}) as cell_id
    from (
        select
            document_id,
            {{ split_rows("relative_path", "'/'") }} as folder,
            file_name
        from documents
    ) as folders
    where folder <> file_name

)

select
    document_id,
    source_kind,
    folded_text,
    min(printed_text) as printed_text,
    min(block) as block,
    min(cell_id) as cell_id,
    count(*) as line_count
from lines
where folded_text <> ''
group by document_id, source_kind, folded_text
