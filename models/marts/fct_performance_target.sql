with

indicators as (

    select * from {{ ref('int_target_indicator') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

units as (

    select * from {{ ref('int_unit_name') }}

),

-- The unit that carries out the project, where the document knows it elsewhere.
placed as (

    select
        indicators.*,
        documents.stage,
        documents.fiscal_year,
        coalesce(known_units.folded_name, {{ fold_label('documents.unit_name') }}) as folded_unit_name
    from indicators
    inner join documents on indicators.document_id = documents.document_id
    left join units as known_units
        on
            indicators.document_id = known_units.document_id
            and {{ fold_label('indicators.unit_name') }} = known_units.folded_name

)

select
    placed.cell_id,
    placed.document_id,
    placed.source_table_id,
    units.unit_id,
    units.unit_code,
    units.unit_name,
    cast(placed.fiscal_year as integer) as fiscal_year,
    placed.stage,
    placed.statement,
    placed.project_code,
    placed.project_name,
    placed.horizon,
    placed.level_1,
    placed.level_2,
    placed.indicator,
    placed.operator,
    placed.target_value,
    placed.target_unit,
    placed.target_text,
    placed.weight,
    placed.is_core
from placed
left join units
    on
        placed.document_id = units.document_id
        and placed.folded_unit_name = units.folded_name
