with

identities as (

    select * from {{ ref('int_identity') }}
    union all
    select * from {{ ref('int_narrative_identity') }}

),

total_cells as (

    select
        identity_key,
        min(cell_id) as cell_id
    from {{ ref('int_identity_cell') }}
    where term_role = 'total'
    group by identity_key
    union all
    select
        identity_key,
        min(cell_id) as cell_id
    from {{ ref('int_narrative_identity_cell') }}
    where term_role = 'total'
    group by identity_key

),

amounts as (

    select cell_id, document_id, source_table_id, unit_code, unit_name, fiscal_year, stage
    from {{ ref('int_printed_amount') }}
    union all
    select
        cell_id,
        document_id,
        cast(null as {{ dbt.type_string() }}) as source_table_id,
        unit_code,
        unit_name,
        fiscal_year,
        stage
    from {{ ref('int_narrative_figure') }}

),

units as (

    select * from {{ ref('int_unit_name') }}

)

select
    identities.identity_id,
    identities.rule_id,
    identities.document_id,
    amounts.source_table_id,
    units.unit_id,
    coalesce(amounts.unit_code, units.unit_code) as unit_code,
    case when units.has_code then units.unit_name else amounts.unit_name end as unit_name,
    cast(amounts.fiscal_year as integer) as fiscal_year,
    amounts.stage,
    identities.statement,
    identities.subject_code,
    identities.measure,
    identities.fund,
    identities.year_basis,
    identities.phase,
    identities.printed_yuan,
    identities.computed_yuan,
    identities.difference_yuan,
    identities.bound_yuan,
    cast(identities.terms as integer) as terms,
    identities.verdict,
    identities.reason
from identities
left join total_cells on identities.identity_key = total_cells.identity_key
left join amounts on total_cells.cell_id = amounts.cell_id
left join units
    on
        amounts.document_id = units.document_id
        and {{ fold_label('amounts.unit_name') }} = units.folded_name
