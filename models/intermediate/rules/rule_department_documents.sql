-- 部门文件的合计与科目，等于其本级与下属各单位文件之和；各单位未全部公开时不得少于其和。
-- A figure of a department's document equals the sum of the documents of its own office
-- and its units. Units whose documents are not here may have the rest: it makes an
-- identity unless the units stay below their department.
with

figures as (

    select * from {{ ref('int_published_figure') }}
    where row_unit_id is null and row_role <> 'unit'

),

parents as (

    select * from {{ ref('int_unit_parent') }}

),

department_figures as (

    select * from figures where coverage <> 'unit'

),

unit_figures as (

    select
        figures.*,
        parents.parent_unit_id as department_id
    from figures
    inner join parents on figures.unit_id = parents.unit_id
    where figures.coverage <> 'department'

    union all

    select
        *,
        unit_id as department_id
    from figures
    where coverage = 'unit'

),

-- One document of a unit speaks for it.
single as (

    select *
    from (
        select
            *,
            row_number() over (
                partition by department_id, unit_id, coverage, fiscal_year, stage, phase, figure_key
                order by document_id
            ) as unit_rank
        from unit_figures
    ) as ranked
    where unit_rank = 1

),

pairs as (

    select
        department_figures.cell_id as identity_key,
        single.cell_id as unit_cell_id
    from department_figures
    inner join single
        on
            department_figures.unit_id = single.department_id
            and department_figures.fiscal_year = single.fiscal_year
            and department_figures.stage = single.stage
            and department_figures.phase = single.phase
            and department_figures.figure_key = single.figure_key
            and department_figures.document_id <> single.document_id

),

lines as (

    select
        department_figures.*,
        pairs.identity_key,
        'total' as term_role
    from department_figures
    inner join (select distinct identity_key from pairs) as pairs
        on department_figures.cell_id = pairs.identity_key

    union all

    select
        figures.*,
        pairs.identity_key,
        'term' as term_role
    from pairs
    inner join figures on pairs.unit_cell_id = figures.cell_id

),

reached as (

    select identity_key
    from lines
    group by identity_key
    having
        sum(case term_role when 'term' then amount_yuan else -amount_yuan end) + sum(half_unit_yuan) >= 0

),

cells as (

    select
        lines.document_id,
        lines.statement,
        lines.subject_code,
        lines.measure,
        lines.fund,
        lines.year_basis,
        lines.phase,
        lines.cell_id,
        lines.term_role,
        1 as sign,
        lines.amount_yuan,
        lines.half_unit_yuan,
        lines.identity_key
    from lines
    inner join reached on lines.identity_key = reached.identity_key

)

{{ rule_columns('department_documents', 'cells') }}
