-- What is wrong with performance forms beside their sums: weights, units of one
-- indicator, projects without a form. In the columns of a form finding, one row per
-- finding and cell it names.
with

-- A form that evaluates the year counts its spending beside the indicators, and is
-- published for some projects only.
documents as (

    select * from {{ ref('int_document') }} where reason_code is null and stage = 'budget'

),

indicators as (

    select * from {{ ref('int_target_indicator') }}

),

gaps as (

    select distinct source_table_id from {{ ref('int_target_gap') }}

),

target_amounts as (

    select *
    from {{ ref('int_target_amount') }}
    where {{ is_money_of_project_year() }}

),

project_amounts as (

    select *
    from {{ ref('int_amount') }}
    where fact = 'project' and row_role = 'code' and phase = 'budget' and amount_yuan > 0

),

-- The weights of one form; with one that is not read they say nothing.
weights as (

    select
        indicators.document_id,
        indicators.source_table_id,
        indicators.source_table_id || '/' || cast(indicators.form_number as {{ dbt.type_string() }})
        || '/' || coalesce(indicators.project_code, indicators.project_name, '')
        || '/' || cast(indicators.pane_number as {{ dbt.type_string() }}) as weight_key,
        indicators.project_name,
        indicators.weight_cell_id,
        indicators.weight,
        count(*) over (
            partition by
                indicators.source_table_id, indicators.form_number, indicators.project_code,
                indicators.project_name, indicators.pane_number
        ) as indicator_count,
        count(indicators.weight) over (
            partition by
                indicators.source_table_id, indicators.form_number, indicators.project_code,
                indicators.project_name, indicators.pane_number
        ) as weight_count,
        sum(indicators.weight) over (
            partition by
                indicators.source_table_id, indicators.form_number, indicators.project_code,
                indicators.project_name, indicators.pane_number
        ) as weight_sum
    from indicators
    left join gaps on indicators.source_table_id = gaps.source_table_id
    where gaps.source_table_id is null

),

-- Spending itself may count for ten of the hundred.
unfilled_weights as (

    select
        document_id,
        source_table_id,
        case when weight_sum = 90 then 'performance_weights_90' else 'performance_weights' end as rule_id,
        weight_key as finding_key,
        weight_cell_id as cell_id,
        coalesce(project_name, '整体绩效目标') || '，权重合计 ' || cast(cast(weight_sum as integer) as {{ dbt.type_string() }})
            as subject,
        coalesce(project_name, '整体绩效目标') || '：' || cast(indicator_count as {{ dbt.type_string() }})
        || ' 项指标的权重合计为 ' || cast(cast(weight_sum as decimal(9, 2)) as {{ dbt.type_string() }}) as detail
    from weights
    where
        weight_count = indicator_count
        and weight_sum not in (1, 100)

),

-- 100 万人次 in one form and 100 人次 in another: the unit is written apart into its
-- multiple and what it counts.
measured as (

    select
        document_id,
        source_table_id,
        form_number,
        coalesce(project_code, project_name, '整体绩效目标') as project,
        coalesce(project_name, '整体绩效目标') as form_name,
        folded_indicator,
        indicator,
        target_value,
        target_unit,
        coalesce(unit_cell_id, cell_id) as cell_id,
        coalesce({{ regex_extract('target_unit', "'^([十百千万亿]+).'", 1) }}, '') as unit_multiple,
        {{ regex_replace('target_unit', "'^[十百千万亿]+(.)'", "'\\1'") }} as unit_counted
    from indicators
    where target_unit is not null and target_value is not null

),

-- 次 and 场次 count the same; equal figures in 万人次 and in 人次 cannot both be right.
unit_pairs as (

    select
        one.*,
        other.target_unit as other_unit,
        other.form_name as other_form_name,
        other.cell_id as other_cell_id
    from measured as one
    inner join measured as other
        on
            one.document_id = other.document_id
            and one.folded_indicator = other.folded_indicator
            and one.target_value = other.target_value
            and one.cell_id < other.cell_id
            and (
                one.source_table_id <> other.source_table_id
                or one.form_number <> other.form_number
                or one.project <> other.project
            )
    where
        one.target_value <> 0
        and (
            one.unit_multiple <> other.unit_multiple
            or not (
                one.unit_counted like '%' || other.unit_counted
                or other.unit_counted like '%' || one.unit_counted
            )
        )

),

paired_cells as (

    select cell_id as pair_cell_id, cell_id from unit_pairs
    union
    select cell_id as pair_cell_id, other_cell_id as cell_id from unit_pairs

),

differing_units as (

    select
        unit_pairs.document_id,
        unit_pairs.source_table_id,
        'target_unit_differs' as rule_id,
        unit_pairs.document_id || '/' || unit_pairs.folded_indicator as finding_key,
        paired_cells.cell_id,
        unit_pairs.indicator || '（' || unit_pairs.target_unit || '、' || unit_pairs.other_unit || '）' as subject,
        '“' || unit_pairs.indicator || '”在' || unit_pairs.form_name || '中计量单位为“' || unit_pairs.target_unit
        || '”，在' || unit_pairs.other_form_name || '中为“' || unit_pairs.other_unit || '”，指标值同为 '
        || {{ regex_replace(
            "cast(unit_pairs.target_value as " ~ dbt.type_string() ~ ")", "'\\.?0+$'", "''"
        ) }} as detail
    from unit_pairs
    inner join paired_cells on unit_pairs.cell_id = paired_cells.pair_cell_id

),

-- Projects by name and by code.
target_names as (

    select distinct
        document_id,
        {{ fold_label('project_name') }} as folded_name,
        project_code
    from target_amounts

),

project_names as (

    select distinct
        document_id,
        {{ fold_label('coalesce(printed_project_name, row_name)') }} as folded_name,
        {{ fold_label('project_code_text') }} as project_code
    from {{ ref('int_amount') }}
    where fact = 'project' and row_role = 'code'

),

table_projects as (

    select
        project_amounts.document_id,
        project_amounts.source_table_id,
        project_amounts.cell_id,
        coalesce(project_amounts.printed_project_name, project_amounts.row_name) as project_name,
        {{ fold_label('coalesce(project_amounts.printed_project_name, project_amounts.row_name)') }} as folded_name,
        {{ fold_label('project_amounts.project_code_text') }} as project_code,
        project_amounts.amount_yuan,
        row_number() over (
            partition by project_amounts.source_table_id, project_amounts.row_number
            order by project_amounts.amount_yuan desc, project_amounts.column_number
        ) as amount_rank
    from project_amounts
    -- what is carried over had its target in the year before
    where project_amounts.year_basis <> 'carryover'

),

without_form as (

    select table_projects.*
    from table_projects
    where
        table_projects.amount_rank = 1
        and table_projects.document_id in (select target_names.document_id from target_names)
        and not exists (
            select 1
            from target_names
            where
                target_names.document_id = table_projects.document_id
                and (
                    target_names.folded_name = table_projects.folded_name
                    or target_names.project_code = table_projects.project_code
                )
        )

),

projects_without_form as (

    select
        document_id,
        source_table_id,
        'project_without_target' as rule_id,
        document_id as finding_key,
        cell_id,
        project_name as subject,
        project_name || ' ' || {{ format_yuan('amount_yuan') }} as detail
    from without_form

),

-- Without a table of projects their money is known from the functional tables alone.
project_money as (

    select
        code_amounts.document_id,
        code_amounts.source_table_id,
        code_amounts.cell_id,
        code_amounts.amount_yuan,
        code_amounts.half_unit_yuan,
        row_number() over (
            partition by code_amounts.document_id
            order by
                case code_amounts.fund when 'all' then 0 when 'fiscal_appropriation' then 1 else 2 end,
                case code_amounts.year_basis when 'current_year' then 0 when 'all' then 1 else 2 end,
                code_amounts.amount_yuan desc,
                code_amounts.cell_id
        ) as money_rank
    from {{ ref('int_code_amount') }} as code_amounts
    where
        code_amounts.fact = 'functional'
        and code_amounts.side = 'expenditure'
        and code_amounts.row_role = 'total'
        and code_amounts.measure = 'project'
        and code_amounts.phase = 'budget'
        and code_amounts.document_id not in (select project_names.document_id from project_names)

),

target_money as (

    select
        document_id,
        sum(amount_yuan) as amount_yuan,
        sum(half_unit_yuan) as half_unit_yuan,
        count(*) as form_count
    from target_amounts
    group by document_id

),

money_without_form as (

    select
        project_money.document_id,
        project_money.source_table_id,
        'project_without_target' as rule_id,
        project_money.document_id as finding_key,
        project_money.cell_id,
        {{ format_yuan('(project_money.amount_yuan - target_money.amount_yuan)') }} as subject,
        '项目支出 ' || {{ format_yuan('project_money.amount_yuan') }} || '，已公开的 '
        || cast(target_money.form_count as {{ dbt.type_string() }}) || ' 张项目绩效目标表合计 '
        || {{ format_yuan('target_money.amount_yuan') }} || '，其余 '
        || {{ format_yuan('(project_money.amount_yuan - target_money.amount_yuan)') }} || ' 没有绩效目标表' as detail
    from project_money
    inner join target_money on project_money.document_id = target_money.document_id
    where
        project_money.money_rank = 1
        and project_money.amount_yuan - target_money.amount_yuan
        > project_money.half_unit_yuan + target_money.half_unit_yuan

),

forms_without_project as (

    select
        target_amounts.document_id,
        target_amounts.source_table_id,
        'target_without_project' as rule_id,
        target_amounts.document_id as finding_key,
        target_amounts.cell_id,
        target_amounts.project_name as subject,
        coalesce(target_amounts.project_name, target_amounts.project_code) || ' '
        || {{ format_yuan('target_amounts.amount_yuan') }} as detail
    from target_amounts
    where
        target_amounts.document_id in (select project_names.document_id from project_names)
        and target_amounts.project_name is not null
        and not exists (
            select 1
            from project_names
            where
                project_names.document_id = target_amounts.document_id
                and (
                    project_names.folded_name = {{ fold_label('target_amounts.project_name') }}
                    or project_names.project_code = target_amounts.project_code
                )
        )

),

gathered as (

    select * from unfilled_weights
    union
    select * from differing_units
    union
    select * from projects_without_form
    union
    select * from money_without_form
    union
    select * from forms_without_project

)

select gathered.*
from gathered
inner join documents on gathered.document_id = documents.document_id
