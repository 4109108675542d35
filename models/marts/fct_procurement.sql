with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'procurement'

),

purchases as (

    select * from {{ ref('int_purchase') }}

),

figures as (

    select figures.*
    from {{ ref('int_narrative_figure') }} as figures
    inner join {{ ref('procurement_category') }} as categories
        on figures.subject_code = categories.category
    where
        figures.subject_kind = 'procurement'
        and figures.meaning = 'amount'
        and figures.is_placed
        and figures.amount_yuan is not null
        -- of a year that is neither the document's nor the one before
        and figures.phase is not null

),

figure_proofs as (

    select * from {{ ref('int_narrative_proof') }}

),

units as (

    select * from {{ ref('int_unit_name') }}

)

select
    {{ fact_columns() }},
    amounts.item as category,
    purchases.purchase_name,
    purchases.catalogue_code,
    purchases.project_name,
    'table' as origin
from amounts
{{ fact_joins() }}
left join purchases
    on
        amounts.source_table_id = purchases.source_table_id
        and amounts.row_number = purchases.row_number
        and amounts.pane_number = purchases.pane_number

union all

select
    figures.cell_id,
    figures.document_id,
    cast(null as {{ dbt.type_string() }}) as source_table_id,
    units.unit_id,
    coalesce(figures.unit_code, units.unit_code) as unit_code,
    case when units.has_code then units.unit_name else figures.unit_name end as unit_name,
    cast(figures.fiscal_year as integer) as fiscal_year,
    figures.stage,
    'procurement' as statement,
    case when figures.subject_code = 'total' then 'total' else 'code' end as row_role,
    'total' as measure,
    coalesce(figures.fund, 'all') as fund,
    coalesce(figures.year_basis, 'all') as year_basis,
    figures.phase,
    figures.amount_yuan,
    figures.half_unit_yuan,
    figure_proofs.proof,
    figures.subject_code as category,
    cast(null as {{ dbt.type_string() }}) as purchase_name,
    cast(null as {{ dbt.type_string() }}) as catalogue_code,
    cast(null as {{ dbt.type_string() }}) as project_name,
    'text' as origin
from figures
inner join figure_proofs on figures.cell_id = figure_proofs.cell_id
left join units
    on
        figures.document_id = units.document_id
        and {{ fold_label('figures.unit_name') }} = units.folded_name
