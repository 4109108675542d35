-- Whose statement a table is by the name before it (单位名称：…, or a title): the strongest label
-- between it and the table above, or the one above that still holds, or else the
-- publisher of the document. One row per table of a document that names several.
with

documents as (

    select * from {{ ref('int_document') }} where document_kind <> 'government_budget'

),

-- weight 15: the department above (主管部门), which publishes nothing here; a name of
-- three characters (县妇联) may be the publisher's in short
claims as (

    select *
    from {{ ref('int_document_claim') }}
    where attribute = 'unit_name' and (is_labelled or is_organization) and weight <> 15 and length(value) > 3

),

tables as (

    select
        source_table_id,
        document_id,
        block,
        coalesce(lag(block) over (partition by document_id order by block), -1) as previous_block
    from {{ ref('stg_table') }}

),

-- 编制单位： in one cell of a sheet and the name in the next.
captions as (

    select
        document_id,
        cell_id,
        folded_text,
        lag(folded_text) over (partition by source_table_id order by distance) as next_text
    from {{ ref('int_table_caption') }}
    where cell_id is not null

),

paragraphs as (

    select * from {{ ref('stg_paragraph') }} where paragraph_kind = 'text'

),

-- A claim has one of the lines that make it; the same line stands above every table.
folded_claims as (

    select
        document_id,
        value,
        weight,
        source_kind,
        {{ fold_label('value') }} as folded_value,
        {{ fold_label('printed_text') }} as folded_text
    from claims

),

labels as (

    select
        tables.source_table_id,
        folded_claims.value as unit_name,
        folded_claims.weight,
        paragraphs.block as place
    from folded_claims
    inner join paragraphs
        on
            folded_claims.document_id = paragraphs.document_id
            and folded_claims.folded_text = paragraphs.folded_text
            and folded_claims.source_kind in ('cover', 'text')
    inner join tables
        on
            paragraphs.document_id = tables.document_id
            and paragraphs.block > tables.previous_block
            and paragraphs.block < tables.block

    union all

    select
        cells.source_table_id,
        folded_claims.value as unit_name,
        folded_claims.weight,
        -- inside the table, below every line above it
        100000000 + cells.row_number as place
    from folded_claims
    inner join captions
        on
            folded_claims.document_id = captions.document_id
            and folded_claims.folded_text = captions.folded_text
            and folded_claims.source_kind = 'table_head'
    inner join {{ ref('stg_cell') }} as cells on captions.cell_id = cells.cell_id
    where
        not {{ regex_matches('captions.folded_text', "':$'") }}
        or captions.next_text like '%' || folded_claims.folded_value || '%'

),

several as (

    select tables.document_id
    from labels
    inner join tables on labels.source_table_id = tables.source_table_id
    inner join documents on tables.document_id = documents.document_id
    group by tables.document_id
    having
        count(distinct {{ fold_label('labels.unit_name') }}) > 1
        or max(case when {{ fold_label('labels.unit_name') }} <> {{ fold_label('documents.unit_name') }} then 1 else 0 end) = 1

),

own_labels as (

    select
        source_table_id,
        unit_name
    from (
        select
            source_table_id,
            unit_name,
            row_number() over (
                partition by source_table_id order by weight desc, place desc, unit_name
            ) as label_rank
        from labels
    ) as ranked
    where label_rank = 1

),

carried as (

    select
        tables.source_table_id,
        tables.document_id,
        {{ last_known('own_labels.unit_name', 'tables.document_id', 'tables.block') }} as unit_name
    from tables
    inner join several on tables.document_id = several.document_id
    left join own_labels on tables.source_table_id = own_labels.source_table_id

),

named as (

    select
        carried.source_table_id,
        carried.document_id,
        coalesce(carried.unit_name, documents.unit_name) as unit_name,
        {{ fold_label('coalesce(carried.unit_name, documents.unit_name)') }} as own_name,
        {{ fold_label('documents.unit_name') }} as document_name
    from carried
    inner join documents on carried.document_id = documents.document_id

)

select
    source_table_id,
    document_id,
    unit_name,
    -- with the name of the prefecture in front it is the same unit
    own_name like '%' || document_name or document_name like '%' || own_name as is_of_document
from named
