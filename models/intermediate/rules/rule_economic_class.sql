-- 功能分类表的工资福利支出、商品和服务支出、对个人和家庭的补助、资本性支出各栏，等于基本支出表
-- 301、302、303、310 类。
-- The columns of a functional table by class of basic expenditure equal the classes of
-- the table of basic expenditure by economic code: 工资福利支出 301, 商品和服务支出 302,
-- 对个人和家庭的补助 303, 资本性支出 310. Where no class is printed its codes add up.
with

economic_figures as (

    {{ economic_figures() }}

),

parents as (

    select * from {{ ref('int_code_parent') }} where slot = 'main'

),

functional_totals as (

    select
        code_amounts.*,
        code_amounts.document_id
        || '/' || compared_cells.compared_fund || '/' || compared_cells.compared_basis
        || '/' || code_amounts.phase as block_key,
        case code_amounts.measure
            when 'wages_welfare' then '301'
            when 'goods_services' then '302'
            when 'individuals_families' then '303'
            when 'capital' then '310'
        end as class_code,
        row_number() over (
            partition by
                code_amounts.source_table_id, code_amounts.measure, code_amounts.phase,
                compared_cells.compared_fund, compared_cells.compared_basis
            order by code_amounts.row_number, code_amounts.column_number
        ) as total_rank
    from {{ ref('int_code_amount') }} as code_amounts
    inner join {{ ref('int_compared_cell') }} as compared_cells
        on code_amounts.cell_id = compared_cells.cell_id
    where
        code_amounts.fact = 'functional'
        and code_amounts.side = 'expenditure'
        and code_amounts.row_role = 'total'
        and code_amounts.measure in ('wages_welfare', 'goods_services', 'individuals_families', 'capital')
        and not coalesce(code_amounts.is_of_other_unit, false)

),

-- The topmost codes of each class, of one source of a table of basic expenditure.
tops as (

    select
        economic_figures.*,
        substr(economic_figures.tree_code, 1, 3) as class_code,
        min(economic_figures.fund) over (
            partition by economic_figures.source_table_id, economic_figures.block_key
        ) as least_fund
    from economic_figures
    inner join parents
        on
            economic_figures.source_table_id = parents.source_table_id
            and economic_figures.classification = parents.classification
            and coalesce(economic_figures.unit_row_number, -1) = parents.unit_key
            and economic_figures.tree_code = parents.tree_code
    where
        economic_figures.slot = 'main'
        and economic_figures.classification = 'department'
        and economic_figures.scope = 'basic'
        and economic_figures.kind = 'basic'
        and economic_figures.row_role = 'code'
        and parents.parent_code is null

),

pairs as (

    select distinct
        functional_totals.cell_id as total_cell_id,
        tops.source_table_id,
        tops.block_key,
        tops.class_code,
        tops.block_key || '/' || tops.class_code || '/' || functional_totals.source_table_id
        || '/' || tops.source_table_id as identity_key
    from functional_totals
    inner join tops
        on
            functional_totals.block_key = tops.block_key
            and functional_totals.class_code = tops.class_code
    where functional_totals.total_rank = 1

),

cells as (

    select
        pairs.identity_key,
        functional_totals.document_id,
        functional_totals.statement,
        pairs.class_code as subject_code,
        functional_totals.measure,
        functional_totals.fund,
        functional_totals.year_basis,
        functional_totals.phase,
        functional_totals.cell_id,
        'total' as term_role,
        1 as sign,
        functional_totals.amount_yuan,
        functional_totals.half_unit_yuan
    from pairs
    inner join functional_totals on pairs.total_cell_id = functional_totals.cell_id

    union all

    select
        pairs.identity_key,
        tops.document_id,
        tops.statement,
        pairs.class_code as subject_code,
        functional_totals.measure,
        tops.fund,
        tops.year_basis,
        tops.phase,
        tops.cell_id,
        'term' as term_role,
        1 as sign,
        tops.amount_yuan,
        tops.half_unit_yuan
    from pairs
    inner join functional_totals on pairs.total_cell_id = functional_totals.cell_id
    inner join tops
        on
            pairs.source_table_id = tops.source_table_id
            and pairs.block_key = tops.block_key
            and pairs.class_code = tops.class_code
            and tops.fund = tops.least_fund

)

{{ rule_columns('economic_class', 'cells') }}
