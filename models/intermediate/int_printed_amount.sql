-- Every amount that may stand in an identity: those of statements and those of
-- performance forms. One row per amount cell.
with

amounts as (

    select * from {{ ref('int_amount') }}

),

targets as (

    select * from {{ ref('int_target_amount') }}

)

select
    document_id,
    source_table_id,
    cell_id,
    row_number,
    statement,
    stage,
    fiscal_year,
    unit_name,
    unit_code,
    measure,
    fund,
    row_name,
    amount_yuan,
    half_unit_yuan,
    number_scale,
    finest_scale
from amounts

union all

select
    document_id,
    source_table_id,
    cell_id,
    row_number,
    statement,
    stage,
    fiscal_year,
    unit_name,
    unit_code,
    measure,
    fund,
    project_name as row_name,
    amount_yuan,
    half_unit_yuan,
    number_scale,
    finest_scale
from targets
