-- 部门文件中某一下属单位的行，与该单位自己公开的文件一致。
-- The rows of a unit in its department's document equal the same figures of the unit's
-- own document: its subtotal the unit's total, its codes the unit's codes.
with

figures as (

    select * from {{ ref('int_published_figure') }}

),

candidates as (

    select
        department_figures.cell_id || '/' || unit_figures.cell_id as identity_key,
        unit_figures.cell_id as first_cell_id,
        department_figures.cell_id as other_cell_id,
        row_number() over (
            partition by department_figures.cell_id
            order by unit_figures.document_id, unit_figures.cell_id
        ) as pair_rank
    from figures as department_figures
    inner join figures as unit_figures
        on
            department_figures.row_unit_id = unit_figures.unit_id
            and unit_figures.row_unit_id is null
            and department_figures.fiscal_year = unit_figures.fiscal_year
            and department_figures.stage = unit_figures.stage
            and department_figures.phase = unit_figures.phase
            and department_figures.figure_key = unit_figures.figure_key
            and department_figures.document_id <> unit_figures.document_id

),

pairs as (

    select * from candidates where pair_rank = 1

),

cells as (

    {{ cells_of_pairs() }}

)

{{ rule_columns('unit_documents', 'cells') }}
