-- The number as typed decimal, narrow enough that every unit can multiply it. The sign
-- of a change is in its words; any other figure prints its own.
with

source as (

    select * from {{ source('raw', 'figures') }}

),

documents as (

    select * from {{ ref('stg_document') }} where is_read

),

identified as (

    select
        documents.document_id,
        documents.document_id || '-p' || cast(source.block as {{ dbt.type_string() }})
        || '-c' || cast(source.character_start as {{ dbt.type_string() }}) as cell_id,
        documents.document_id || '-s' || cast(source.sentence as {{ dbt.type_string() }})
            as sentence_id,
        source.*,
        coalesce(source.direction = -1 and source.meaning in ('change', 'growth'), false)
        or {{ regex_matches('source.printed_text', "'^\\s*[-－−]'") }} as is_negative
    from source
    inner join documents on source.content_id = documents.content_id

)

select
    figures.document_id,
    figures.cell_id,
    figures.figure as figure_number,
    figures.sentence_id,
    figures.block,
    figures.character_start,
    figures.end_block,
    figures.character_end,
    figures.page,
    figures.line,
    figures.printed_text,
    -- more digits than a number of the marts can have are those of a code or an account
    cast(
        case
            when try_cast(figures.number_text as decimal(20, 4)) is not null
                then case when figures.is_negative then -1 else 1 end * try_cast(figures.number_text as decimal(28, 8))
        end
        as decimal(28, 8)
    ) as figure_value,
    figures.number_scale,
    {{ half_unit('figures.number_scale', '1') }} as half_unit_value,
    figures.value_unit,
    figures.meaning,
    figures.direction,
    figures.bound,
    figures.subject_text,
    figures.subject_kind,
    figures.subject_code,
    figures.side,
    figures.measure,
    figures.fund,
    figures.year_basis,
    figures.phase,
    figures.code_path,
    figures.figure_year,
    figures.compared_year,
    figures.compared_phase,
    figures.as_of,
    owners.cell_id as owner_cell_id,
    wholes.cell_id as whole_cell_id,
    figures.list as list_number,
    figures.is_list_open,
    figures.is_placed,
    figures.unplaced_reason
from identified as figures
left join identified as owners
    on
        figures.document_id = owners.document_id
        and figures.owner = owners.figure
left join identified as wholes
    on
        figures.document_id = wholes.document_id
        and figures.whole = wholes.figure
