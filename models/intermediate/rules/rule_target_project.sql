-- 绩效目标表的年度资金等于项目支出表中该项目的金额（元与万元按区间比较）。
-- The money of a project for the year in its performance form equals its amount in
-- the table of projects, 元 against 万元 by their intervals.
with

targets as (

    select
        *,
        {{ fold_label('project_name') }} as folded_name,
        count(*) over (partition by document_id, {{ fold_label('project_name') }}) as name_count
    from {{ ref('int_target_amount') }}
    where {{ is_money_of_project_year() }}

),

projects as (

    select
        *,
        {{ fold_label('coalesce(printed_project_name, row_name)') }} as folded_name
    from {{ ref('int_amount') }}
    where
        fact = 'project'
        and row_role = 'code'
        and measure = 'total'
        and phase = 'budget'
        and fund = 'all'
        and year_basis in ('all', 'current_year')

),

-- A name that several rows print is no one project.
named_rows as (

    select
        document_id,
        folded_name
    from projects
    group by document_id, folded_name
    having count(distinct source_table_id || '/' || cast(row_number as {{ dbt.type_string() }})) = 1

),

-- With carried-over money the form may speak of all or of this year's alone.
pairs as (

    select
        targets.cell_id as target_cell_id,
        projects.cell_id,
        row_number() over (
            partition by targets.cell_id
            order by abs(targets.amount_yuan - projects.amount_yuan), projects.year_basis, projects.cell_id
        ) as pair_rank
    from targets
    inner join named_rows
        on
            targets.document_id = named_rows.document_id
            and targets.folded_name = named_rows.folded_name
    inner join projects
        on
            targets.document_id = projects.document_id
            and targets.folded_name = projects.folded_name
    where targets.name_count = 1

),

totals as (

    select
        targets.*,
        pairs.target_cell_id as identity_key,
        'total' as term_role
    from pairs
    inner join targets on pairs.target_cell_id = targets.cell_id
    where pairs.pair_rank = 1

),

terms as (

    select
        projects.*,
        pairs.target_cell_id as identity_key,
        'term' as term_role
    from pairs
    inner join projects on pairs.cell_id = projects.cell_id
    where pairs.pair_rank = 1

),

cells as (

    {{ both_sides("folded_name") }}

)

{{ rule_columns('target_project', 'cells') }}
