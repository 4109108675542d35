-- 项目支出表的合计等于支出表中的项目支出合计。
-- The total of the table of projects equals the total of project expenditure in
-- the functional tables, for the same source of money and year basis.
with

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

statements as (

    select * from {{ ref('statement') }}

),

project_totals as (

    select
        amounts.*,
        amounts.document_id || '/' || amounts.fund || '/' || amounts.phase
        || '/' || case when carryovers.has_carryover then amounts.year_basis else 'all' end
            as figure_key
    from {{ ref('int_amount') }} as amounts
    inner join carryovers on amounts.document_id = carryovers.document_id
    where amounts.fact = 'project' and amounts.row_role in ('total', 'grand_total', 'unit')

),

-- One figure a table: where no money is carried over, the column of all money
-- stands for the column of this year's.
projects as (

    select
        *,
        row_number() over (
            partition by source_table_id, figure_key
            order by
                case row_role when 'unit' then 1 else 0 end,
                row_number,
                case year_basis when 'all' then 0 when 'current_year' then 1 else 2 end,
                column_number
        ) as total_rank
    from project_totals

),

functional_totals as (

    select
        code_amounts.*,
        code_amounts.document_id || '/' || code_amounts.fund || '/' || code_amounts.phase
        || '/' || case when carryovers.has_carryover then code_amounts.year_basis else 'all' end
            as figure_key,
        row_number() over (
            partition by
                code_amounts.document_id, code_amounts.fund, code_amounts.phase,
                case when carryovers.has_carryover then code_amounts.year_basis else 'all' end
            order by statements.sort_order desc, code_amounts.row_number
        ) as total_rank
    from {{ ref('int_code_amount') }} as code_amounts
    inner join carryovers on code_amounts.document_id = carryovers.document_id
    inner join statements on code_amounts.statement = statements.statement
    where
        code_amounts.fact = 'functional'
        and code_amounts.side = 'expenditure'
        and code_amounts.row_role = 'total'
        and code_amounts.measure = 'project'

),

cells as (

    select
        projects.document_id,
        projects.statement,
        'total' as subject_code,
        'project' as measure,
        projects.fund,
        projects.year_basis,
        projects.phase,
        projects.cell_id,
        'total' as term_role,
        1 as sign,
        projects.amount_yuan,
        projects.half_unit_yuan,
        projects.figure_key || '/' || projects.source_table_id as identity_key
    from projects
    inner join functional_totals
        on
            projects.figure_key = functional_totals.figure_key
            and functional_totals.total_rank = 1
    where projects.total_rank = 1

    union all

    select
        functional_totals.document_id,
        projects.statement,
        'total' as subject_code,
        'project' as measure,
        functional_totals.fund,
        functional_totals.year_basis,
        functional_totals.phase,
        functional_totals.cell_id,
        'term' as term_role,
        1 as sign,
        functional_totals.amount_yuan,
        functional_totals.half_unit_yuan,
        projects.figure_key || '/' || projects.source_table_id as identity_key
    from functional_totals
    inner join projects
        on
            functional_totals.figure_key = projects.figure_key
            and projects.total_rank = 1
    where functional_totals.total_rank = 1

)

{{ rule_columns('project_expenditure', 'cells') }}
