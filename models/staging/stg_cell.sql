-- Numbers are parsed from the printed text alone; whether a number is an amount
-- is decided later, by its column.
with

source as (

    select * from {{ source('raw', 'cells') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

-- Most texts stand in many cells; each is cleaned once.
texts as (

    select
        printed_text,
        {{ fold_label('printed_text') }} as folded_text,
        {{ bare_number(number_text('printed_text')) }} as number_text,
        {{ unit_of_number(number_text('printed_text')) }} as unit_beside
    from (select distinct source.text as printed_text from source) as distinct_texts

),

cleaned as (

    select
        documents.document_id,
        documents.document_id || '-t' || cast(source.block as {{ dbt.type_string() }})
            as source_table_id,
        source.{{ adapter.quote('row') }} as row_number,
        source.{{ adapter.quote('column') }} as column_number,
        source.row_span,
        source.column_span,
        source.page,
        source.line,
        texts.printed_text,
        texts.folded_text,
        texts.number_text,
        texts.unit_beside,
        source.box_left,
        source.box_top,
        source.box_right,
        source.box_bottom,
        coalesce(
            ',' || documents.recognised_pages || ','
            like '%,' || cast(source.page as {{ dbt.type_string() }}) || ',%',
            false
        ) as is_recognised
    from source
    inner join documents on source.content_id = documents.content_id
    inner join texts on source.text = texts.printed_text

),

renamed as (

    select
        document_id,
        source_table_id,
        source_table_id || '-r' || cast(row_number as {{ dbt.type_string() }})
        || '-c' || cast(column_number as {{ dbt.type_string() }}) as cell_id,
        row_number,
        column_number,
        row_span,
        column_span,
        page,
        line,
        printed_text,
        folded_text,
        box_left,
        box_top,
        box_right,
        box_bottom,
        is_recognised,
        {{ is_blank_amount('number_text') }} as is_blank_amount,
        {{ is_number_text('number_text') }} as is_number,
        case
            when {{ is_number_text('number_text') }}
                then {{ number_value('number_text') }}
        end as number_value,
        case
            when {{ is_number_text('number_text') }}
                then {{ number_scale('number_text') }}
        end as number_scale,
        case when {{ is_number_text('number_text') }} then unit_beside end as own_unit
    from cleaned

)

select * from renamed
