-- What speaks for the type of a unit: codes that only one kind of unit spends
-- under, and sentences about the publisher itself. Strong codes (501 or 505, 行政运行
-- or 事业运行) leave weak ones (30107 绩效工资) without a voice. One row per document,
-- unit, type and source.
with

code_amounts as (

    select * from {{ ref('int_code_amount') }}
    where row_role = 'code' and amount_yuan <> 0

),

documents as (

    select * from {{ ref('int_document') }}

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

phrases as (

    select * from {{ ref('unit_type_phrase') }}

),

votes as (

    select
        document_id,
        unit_name,
        cell_id,
        resolved_code || ' ' || coalesce(resolved_name, '') as printed_text,
        case
            when
                classification = 'government'
                and {{ regex_matches('resolved_code', "'^50[1-4]'") }}
                then 'administrative'
            when
                classification = 'government'
                and {{ regex_matches('resolved_code', "'^50[56]'") }}
                then 'institution'
            when classification = 'functional' and resolved_code in ('2080501', '2101101')
                then 'administrative'
            when classification = 'functional' and resolved_code in ('2080502', '2101102')
                then 'institution'
            when
                classification = 'functional' and length(resolved_code) = 7
                and {{ fold_label('resolved_name') }} = '行政运行'
                then 'administrative'
            when
                classification = 'functional' and length(resolved_code) = 7
                and {{ fold_label('resolved_name') }} = '事业运行'
                then 'institution'
            when classification = 'department' and resolved_code = '30107' then 'institution'
        end as unit_type,
        case when classification = 'department' then 10 else 20 end as weight
    from code_amounts

),

sentences as (

    select
        document_id,
        block,
        printed_text,
        folded_text
    from paragraphs
    where
        length(folded_text) <= 200
        and {{ regex_matches(
            'folded_text',
            "'公务员法|参公|公益[一二]类|[全差]额|自收自支|财政补助|性质|单位类[型别]|工作部门|派出机关'"
        ) }}

),

matched_sentences as (

    select
        sentences.*,
        phrases.unit_type,
        row_number() over (
            partition by sentences.document_id, sentences.block order by phrases.priority
        ) as phrase_rank
    from sentences
    inner join phrases
        on {{ regex_matches('sentences.folded_text', 'phrases.pattern') }}

)

select
    document_id,
    unit_name,
    unit_type,
    'codes' as source_kind,
    weight,
    count(distinct cell_id) as claim_count,
    min(printed_text) as printed_text,
    cast(null as integer) as block,
    min(cell_id) as cell_id
from votes
where unit_type is not null
group by document_id, unit_name, unit_type, weight

union all

select
    matched_sentences.document_id,
    documents.unit_name,
    matched_sentences.unit_type,
    'text' as source_kind,
    15 as weight,
    1 as claim_count,
    matched_sentences.printed_text,
    matched_sentences.block,
    cast(null as {{ dbt.type_string() }}) as cell_id
from matched_sentences
inner join documents on matched_sentences.document_id = documents.document_id
where matched_sentences.phrase_rank = 1 and matched_sentences.unit_type is not null
