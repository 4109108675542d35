-- Pictures that print something and were not read: how many, and where the first
-- stands: behind which text, but 单位：万元 or 编制单位：… One row per document that has any.
with

paragraphs as (

    select * from {{ ref('stg_paragraph') }}

),

pictures as (

    select
        document_id,
        count(*) as picture_count,
        min(block) as first_block
    from paragraphs
    where paragraph_kind = 'picture'
    group by document_id

),

texts_before as (

    select
        pictures.document_id,
        max(paragraphs.block) as block
    from pictures
    inner join paragraphs
        on
            pictures.document_id = paragraphs.document_id
            and pictures.first_block > paragraphs.block
            and paragraphs.paragraph_kind = 'text'
            and not {{ regex_matches('paragraphs.folded_text', "'单位(名称)?[:：]'") }}
    group by pictures.document_id

)

select
    pictures.document_id,
    pictures.picture_count,
    shown.printed_text as first_name,
    case
        when length(paragraphs.printed_text) > 40 then substr(paragraphs.printed_text, 1, 40) || '…'
        else paragraphs.printed_text
    end as text_before
from pictures
inner join paragraphs as shown
    on
        pictures.document_id = shown.document_id
        and pictures.first_block = shown.block
left join texts_before on pictures.document_id = texts_before.document_id
left join paragraphs
    on
        texts_before.document_id = paragraphs.document_id
        and texts_before.block = paragraphs.block
