-- How much of what running text says is understood, and how much of it is checked.
with

figures as (

    select * from {{ ref('fct_narrative_figure') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

units as (

    select * from {{ ref('dim_unit') }}

),

compared as (

    select distinct cell_id from {{ ref('int_narrative_match') }} where rule_id = 'narrative_table'

),

counted as (

    select
        figures.document_id,
        count(*) as figures,
        count(case when figures.is_placed then 1 end) as placed_figures,
        count(case when figures.is_placed and figures.meaning = 'amount' then 1 end) as amounts,
        count(case when figures.meaning = 'amount' then compared.cell_id end) as amounts_in_tables,
        count(case when figures.proof <> 'unchecked' then 1 end) as checked_figures
    from figures
    left join compared on figures.cell_id = compared.cell_id
    group by figures.document_id

)

select
    counted.document_id,
    documents.unit_id,
    units.unit_name,
    documents.fiscal_year,
    documents.stage,
    cast(counted.figures as integer) as figures,
    cast(counted.placed_figures as integer) as placed_figures,
    cast(counted.figures - counted.placed_figures as integer) as unplaced_figures,
    cast(counted.amounts as integer) as amounts,
    cast(counted.amounts_in_tables as integer) as amounts_in_tables,
    cast(counted.checked_figures as integer) as checked_figures,
    {{ share('counted.placed_figures', 'counted.figures') }} as share_placed,
    {{ share('counted.checked_figures', 'counted.figures') }} as share_checked
from counted
inner join documents on counted.document_id = documents.document_id
left join units on documents.unit_id = units.unit_id
