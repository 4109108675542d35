with

figures as (

    select * from {{ ref('int_narrative_figure') }}

),

proofs as (

    select * from {{ ref('int_narrative_proof') }}

),

units as (

    select * from {{ ref('int_unit_name') }}

),

codes as (

    select classification, code, name from {{ ref('int_code') }}

),

items as (

    select item, name_zh from {{ ref('three_public_item') }}

)

select
    figures.cell_id,
    figures.document_id,
    cast(null as {{ dbt.type_string() }}) as source_table_id,
    units.unit_id,
    coalesce(figures.unit_code, units.unit_code) as unit_code,
    case when units.has_code then units.unit_name else figures.unit_name end as unit_name,
    cast(figures.fiscal_year as integer) as fiscal_year,
    figures.stage,
    figures.section_path,
    figures.section_title,
    figures.sentence,
    figures.printed_text,
    figures.subject_text as subject,
    figures.subject_kind,
    figures.subject_code,
    coalesce(codes.name, items.name_zh) as subject_name,
    figures.code_path,
    figures.meaning,
    figures.figure_value as value,
    figures.half_unit_value as half_unit,
    figures.value_unit,
    figures.direction,
    figures.bound,
    figures.amount_yuan,
    figures.half_unit_yuan,
    figures.side,
    figures.measure,
    figures.fund,
    figures.year_basis,
    figures.phase,
    cast(figures.figure_year as integer) as figure_year,
    cast(figures.comparison_year as integer) as comparison_year,
    figures.compared_phase,
    try_cast(figures.as_of as date) as as_of,
    figures.owner_cell_id,
    figures.whole_cell_id,
    figures.list_key,
    figures.is_list_open,
    figures.is_placed,
    figures.unplaced_reason,
    proofs.proof
from figures
inner join proofs on figures.cell_id = proofs.cell_id
left join units
    on
        figures.document_id = units.document_id
        and {{ fold_label('figures.unit_name') }} = units.folded_name
left join codes
    on
        figures.classification = codes.classification
        and figures.subject_code = codes.code
left join items
    on
        figures.subject_kind in ('three_public', 'agency_operation')
        and coalesce(figures.subject_code, figures.subject_kind) = items.item
