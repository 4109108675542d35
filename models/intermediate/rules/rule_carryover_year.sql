-- 全部支出等于本年（当年）安排加上年结转：三者分列于不同报表时，各表之间应一致。
-- A budget: all money of a code (or total, or of projects) equals this year's and what is
-- carried over, where the three stand in different tables.
with

figures as (

    select
        code_amounts.document_id,
        code_amounts.source_table_id,
        code_amounts.statement,
        code_amounts.cell_id,
        code_amounts.row_number,
        code_amounts.column_number,
        code_amounts.measure,
        code_amounts.fund,
        code_amounts.year_basis,
        code_amounts.phase,
        code_amounts.stage,
        code_amounts.side,
        code_amounts.amount_yuan,
        code_amounts.half_unit_yuan,
        case code_amounts.row_role when 'code' then code_amounts.tree_code else 'total' end
            as subject_code
    from {{ ref('int_code_amount') }} as code_amounts
    where
        code_amounts.fact = 'functional'
        and code_amounts.side in ('revenue', 'expenditure')
        and code_amounts.row_role in ('code', 'total')
        and (code_amounts.row_role = 'total' or code_amounts.tree_code is not null)
        and code_amounts.slot = 'main'
        and not coalesce(code_amounts.is_of_other_unit, false)
        and not coalesce(code_amounts.is_repeated, false)

    union all

    select
        document_id,
        source_table_id,
        statement,
        cell_id,
        row_number,
        column_number,
        'project' as measure,
        fund,
        year_basis,
        phase,
        stage,
        'expenditure' as side,
        amount_yuan,
        half_unit_yuan,
        'total' as subject_code
    from (
        select
            *,
            row_number() over (
                partition by source_table_id, column_number
                order by case row_role when 'unit' then 1 else 0 end, row_number
            ) as total_rank
        from {{ ref('int_amount') }}
        where
            fact = 'project'
            and measure = 'total'
            and row_role in ('total', 'grand_total', 'unit')
            and not coalesce(is_of_other_unit, false)
    ) as project_totals
    where total_rank = 1

),

compared_cells as (

    select * from {{ ref('int_compared_cell') }}

),

carryovers as (

    select * from {{ ref('int_document_carryover') }} where has_carryover

),

keyed as (

    select
        figures.*,
        compared_cells.compared_basis,
        figures.document_id || '/' || figures.subject_code || '/' || figures.measure
        || '/' || compared_cells.compared_fund || '/' || figures.phase
        || case when carryovers.has_other_lines then '/' || figures.side else '' end as figure_key
    from figures
    inner join compared_cells on figures.cell_id = compared_cells.cell_id
    inner join carryovers on figures.document_id = carryovers.document_id
    where figures.stage = 'budget'

),

-- A code that one statement prints more than once is no single figure; each table
-- speaks once for each year basis, with its first column.
counted as (

    select
        *,
        count(*) over (partition by figure_key, statement, fund, side, compared_basis) as printed_count,
        row_number() over (
            partition by figure_key, source_table_id, compared_basis order by column_number
        ) as voice
    from keyed

),

single as (

    select * from counted where printed_count = 1 and voice = 1

),

wholes as (

    select * from single where compared_basis = 'all'

),

current_years as (

    select * from single where compared_basis = 'current_year'

),

carried as (

    select * from single where compared_basis = 'carryover'

),

-- What is carried over stands beside this year's money, or in the first table that
-- prints it.
parts as (

    select
        carried.figure_key,
        carried.cell_id as carried_cell_id,
        carried.source_table_id as carried_table_id,
        current_years.cell_id as current_cell_id,
        current_years.source_table_id as current_table_id,
        row_number() over (
            partition by carried.figure_key, current_years.cell_id
            order by
                case when carried.source_table_id = current_years.source_table_id then 0 else 1 end,
                carried.source_table_id
        ) as part_rank
    from carried
    inner join current_years on carried.figure_key = current_years.figure_key

),

sums as (

    select
        wholes.cell_id as whole_cell_id,
        parts.carried_cell_id,
        parts.current_cell_id,
        wholes.figure_key || '/' || wholes.cell_id || '/' || parts.current_cell_id as identity_key
    from wholes
    inner join parts on wholes.figure_key = parts.figure_key
    where
        parts.part_rank = 1
        and (
            wholes.source_table_id <> parts.carried_table_id
            or wholes.source_table_id <> parts.current_table_id
        )

),

cells as (

    {% for side, role in (('whole', 'total'), ('current', 'term'), ('carried', 'term')) -%}
    select
        single.*,
        sums.identity_key,
        '{{ role }}' as term_role,
        1 as sign
    from sums
    inner join single on sums.{{ side }}_cell_id = single.cell_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ rule_columns('carryover_year', 'cells') }}
