-- Every amount with its meaning: what the table, the column and the row say of
-- it, put together. One row per amount cell of a loaded table.
{#- 人员经费合计 under 合计 and under 人员经费 is one amount by arithmetic, not by its header. #}
{%- set meaning %}
source_table_id, row_number, pane_number, fact, measure, fund, year_basis, phase, item, column_side,
case when label_kind is not null then column_measure end,
case when label_kind is not null then column_fund end,
case when label_kind is not null then column_year_basis end
{%- endset %}
{%- set column_of_time = "source_table_id, column_number, column_phase, label_year" %}
with

amounts as (

    select * from {{ ref('int_amount_cell') }} where amount_yuan is not null

),

columns as (

    select * from {{ ref('int_column') }}

),

tables as (

    select * from {{ ref('int_table') }}

),

rows_in_tables as (

    select * from {{ ref('int_row') }}

),

-- What a band above some rows says of their time.
times as (

    select * from {{ ref('stg_table_row') }} where phase is not null or label_year is not null

),

families as (

    select * from {{ ref('int_table_family') }}

),

resolutions as (

    select * from {{ ref('int_row_resolution') }} where slot = 'main'

),

purchases as (

    select * from {{ ref('int_purchase') }}

),

subtotals as (

    select * from {{ ref('int_project_subtotal') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

pane_years as (

    select
        source_table_id,
        pane_number,
        max(case when label_kind = 'balance_item' and label_value = 'carryover_in' then 1 else 0 end) = 1
            as has_carryover_row,
        max(case when label_kind = 'total' and label_year_basis = 'current_year' then 1 else 0 end) = 1
            as has_current_total,
        max(case
            when label_kind = 'three_public' and label_value in ('meetings', 'training')
                then 1
            else 0
        end) = 1 as has_other_items
    from rows_in_tables
    group by source_table_id, pane_number

),

pane_measures as (

    select
        source_table_id,
        pane_number,
        max(case when item = 'total' then 1 else 0 end) = 1 as has_item_total,
        max(case when item in ('meetings', 'training') then 1 else 0 end) = 1
            as has_other_item_column,
        max(case when measure in ('basic', 'personnel', 'operating') then 1 else 0 end) = 1
            as has_basic_column,
        max(case
            when measure in ('government_institution_current', 'government_institution_capital')
                then 1
            else 0
        end) = 1 as has_institution_column,
        max(case
            when
                measure in ('government_goods_services', 'government_capital', 'government_enterprise_capital')
                then 1
            else 0
        end) = 1 as has_government_column,
        count(distinct coalesce(measure, '')) > 1 as pane_has_parts
    from columns
    where column_role = 'amount'
    group by source_table_id, pane_number

),

-- The economic lines of a balance stand below 基本支出 and 项目支出 in turn; below
-- 经济分类支出合计 or 经营支出 they are of neither.
kinds_above as (

    select
        source_table_id,
        row_number,
        pane_number,
        {{ last_known(
            "case when label_kind = 'measure' and label_value in ('basic', 'personnel', 'operating') then 'basic' when label_kind = 'measure' and label_value in ('project', 'project_other_operating', 'project_specific_target', 'project_capital_construction', 'project_administrative') then 'project' when label_kind = 'measure' or label_kind = 'total' and plain_label <> '小计' then 'neither' end",
            'source_table_id, pane_number',
            'row_number'
        ) }} as scope_above
    from rows_in_tables

),

-- Side-by-side panes may both name the unit in one row.
unit_rows as (

    select
        source_table_id,
        row_number,
        own_unit_code,
        own_unit_name,
        row_number() over (
            partition by source_table_id, row_number order by pane_number
        ) as pane_rank
    from rows_in_tables
    where row_role = 'unit'

),

joined as (

    select
        amounts.document_id,
        amounts.source_table_id,
        amounts.cell_id,
        amounts.row_number,
        amounts.column_number,
        amounts.pane_number,
        amounts.printed_text,
        amounts.amount_yuan,
        amounts.half_unit_yuan,
        amounts.number_scale,
        amounts.finest_scale,
        tables.statement,
        tables.stage,
        tables.fiscal_year,
        tables.table_fund,
        tables.title_year_basis,
        case
            when
                families.family = 'economic'
                and tables.statement in ('balance', 'appropriation_balance')
                and rows_in_tables.row_role = 'code'
                then coalesce(nullif(kinds_above.scope_above, 'neither'), tables.scope)
            else tables.scope
        end as scope,
        tables.folded_title,
        tables.has_secrecy_note,
        tables.has_carryover_column,
        families.family,
        families.pane_classification,
        columns.measure as column_measure,
        coalesce(pane_measures.pane_has_parts, false) as pane_has_parts,
        coalesce(pane_measures.has_item_total, false) as has_item_total,
        coalesce(pane_measures.has_other_item_column, false) as has_other_item_column,
        coalesce(pane_measures.has_basic_column, false) as has_basic_column,
        coalesce(pane_measures.has_institution_column, false) as has_institution_column,
        coalesce(pane_measures.has_government_column, false) as has_government_column,
        columns.fund as column_fund,
        columns.year_basis as column_year_basis,
        coalesce(times.phase, columns.phase) as column_phase,
        -- 年初预算 above 决算, 2024年预算数 above 2025年预算数
        case when rows_in_tables.label_kind = 'phase' then rows_in_tables.label_value end as row_phase,
        rows_in_tables.label_year as row_year,
        columns.item as column_item,
        columns.side as column_side,
        columns.is_total as is_total_column,
        coalesce(times.label_year, columns.label_year) as label_year,
        columns.label_path,
        rows_in_tables.pane_side,
        case
            when subtotals.row_number is not null then 'subtotal'
            else coalesce(rows_in_tables.row_role, 'code')
        end as row_role,
        rows_in_tables.label_kind,
        rows_in_tables.label_value,
        rows_in_tables.label_year_basis,
        rows_in_tables.label_fund,
        rows_in_tables.is_below_carryover,
        rows_in_tables.unit_row_number,
        rows_in_tables.printed_name as row_name,
        coalesce(
            rows_in_tables.printed_name, rows_in_tables.printed_code, rows_in_tables.own_unit_name,
            rows_in_tables.row_unit_name, rows_in_tables.project_name_text, rows_in_tables.project_type_text
        ) is null as is_unnamed,
        rows_in_tables.plain_label,
        rows_in_tables.project_name_text,
        rows_in_tables.printed_project_name,
        rows_in_tables.project_code_text,
        rows_in_tables.project_type_text,
        rows_in_tables.own_unit_code,
        rows_in_tables.own_unit_name,
        rows_in_tables.name_cell_id,
        rows_in_tables.code_cell_id,
        case
            when families.family = 'economic'
                then coalesce(resolutions.classification, families.pane_classification)
            when families.family in ('functional', 'balance') then 'functional'
            when families.family = 'revenue_code' then 'revenue'
        end as classification,
        purchases.category as purchase_category,
        purchases.source_table_id is not null as is_purchase,
        resolutions.printed_code,
        resolutions.printed_name,
        resolutions.code_basis,
        resolutions.resolved_code,
        resolutions.resolved_name,
        resolutions.tree_code,
        resolutions.is_official,
        resolutions.level,
        coalesce(pane_years.has_carryover_row, false) as has_carryover_row,
        coalesce(pane_years.has_current_total, false) as has_current_total,
        coalesce(pane_years.has_other_items, false) as has_other_items,
        documents.unit_name as document_unit_name,
        case
            when rows_in_tables.row_unit_name is not null then rows_in_tables.row_unit_code
            else unit_rows.own_unit_code
        end as row_unit_code,
        coalesce(rows_in_tables.row_unit_name, unit_rows.own_unit_name) as row_unit_name,
        rows_in_tables.row_unit_name is not null as has_own_unit
    from amounts
    inner join documents on amounts.document_id = documents.document_id
    inner join tables on amounts.source_table_id = tables.source_table_id
    inner join families
        on
            amounts.source_table_id = families.source_table_id
            and amounts.pane_number = families.pane_number
    inner join columns
        on
            amounts.source_table_id = columns.source_table_id
            and amounts.column_number = columns.column_number
    left join times
        on
            amounts.source_table_id = times.source_table_id
            and amounts.row_number = times.row_number
    left join pane_measures
        on
            amounts.source_table_id = pane_measures.source_table_id
            and amounts.pane_number = pane_measures.pane_number
    left join rows_in_tables
        on
            amounts.source_table_id = rows_in_tables.source_table_id
            and amounts.row_number = rows_in_tables.row_number
            and amounts.pane_number = rows_in_tables.pane_number
    left join kinds_above
        on
            amounts.source_table_id = kinds_above.source_table_id
            and amounts.row_number = kinds_above.row_number
            and amounts.pane_number = kinds_above.pane_number
    left join unit_rows
        on
            rows_in_tables.source_table_id = unit_rows.source_table_id
            and rows_in_tables.unit_row_number = unit_rows.row_number
            and unit_rows.pane_rank = 1
    left join resolutions
        on
            amounts.source_table_id = resolutions.source_table_id
            and amounts.row_number = resolutions.row_number
            and amounts.pane_number = resolutions.pane_number
    left join purchases
        on
            amounts.source_table_id = purchases.source_table_id
            and amounts.row_number = purchases.row_number
            and amounts.pane_number = purchases.pane_number
    left join subtotals
        on
            amounts.source_table_id = subtotals.source_table_id
            and amounts.row_number = subtotals.row_number
            and amounts.pane_number = subtotals.pane_number
    left join pane_years
        on
            amounts.source_table_id = pane_years.source_table_id
            and amounts.pane_number = pane_years.pane_number

),

-- 对事业单位经常性补助 is a class of the government alone: the classes beside it are of the
-- government too, and of all that is spent.
classed as (

    select
        *,
        has_institution_column
        and coalesce(scope, '') = 'all'
        and not has_basic_column
        and family = 'functional' as is_by_government_class,
        -- and in a table of projects classes of the departments are of projects
        coalesce(scope, '') = 'project'
        and not has_basic_column
        and not has_institution_column
        and not has_government_column
        and family in ('functional', 'project')
        and not {{ regex_matches("coalesce(folded_title, '')", "'政府.{0,6}经济'") }}
        and coalesce(column_measure, '') in (
            'wages_welfare', 'goods_services', 'individuals_families', 'capital', 'government_debt_interest',
            'government_enterprises', 'government_social_security', 'government_other'
        ) as is_class_of_projects
    from joined

),

judged as (

    select
        *,
        coalesce(row_phase, column_phase) as label_phase,
        coalesce(row_year, label_year) as figure_year,
        is_unnamed
        and min(case when is_unnamed then row_number end) over (partition by {{ column_of_time }})
        < max(case when is_unnamed then row_number end) over (partition by {{ column_of_time }})
            as is_one_of_unnamed,
        (
            -- 302 beside 301 without 基本支出: projects may be in it
            coalesce(column_measure, '') in ('wages_welfare', 'goods_services', 'individuals_families', 'capital')
            and coalesce(scope, '') <> 'basic' and not has_basic_column
            and not is_by_government_class
            and not is_class_of_projects
        )
        -- the same classes by another word, or of one kind of expenditure
        or (
            coalesce(column_measure, '') like 'government_%'
            and not is_by_government_class
            and not is_class_of_projects
        )
        -- below 项目支出 the words of the government are those of the departments
        or (
            coalesce(column_measure, '') like 'project_%'
            and {{ regex_matches("coalesce(folded_title, '')", "'政府.{0,6}经济'") }}
        )
        -- 2025年 and 2026年 of a medium-term plan, or the year before last
        or coalesce(label_year > fiscal_year or label_year < fiscal_year - 1, false)
        or (
            -- 合计 | 公务接待费 | 会议费 | 培训费: a total of more than 三公, unless it says 三公
            family = 'three_public'
            and has_other_item_column
            and coalesce(column_item, 'total') = 'total'
            and not coalesce(
                {{ regex_matches('label_path', "'三公'") }}
                and not {{ regex_matches('label_path', "'会议|培训'") }},
                false
            )
        )
            as is_unread_column
    from classed

),

-- Which fact a cell becomes; NULL where its column or row says nothing that is known.
routed as (

    select
        *,
        case
            when is_unread_column then null
            -- a row without any words: its code column was not recognised
            when
                family in ('functional', 'economic', 'revenue_code')
                and row_role = 'code' and tree_code is null and row_name is null
                then null
            when label_kind = 'count' then null
            -- a row of a year that is neither this one nor the last
            when row_year > fiscal_year or row_year < fiscal_year - 1 then null
            -- 政府采购支出合计 below 三公 and 机关运行经费 in one table
            when label_kind = 'procurement' then 'procurement'
            -- 其中：政府采购金额 beside the money of a project
            when column_item = 'procurement' then 'procurement'
            -- a purchase without any words: its column was not recognised
            when
                family = 'procurement'
                and row_role = 'code' and column_item is null and not is_purchase
                then null
            when family = 'procurement' then 'procurement'
            when family = 'functional' then 'functional'
            when
                family = 'economic' and statement in ('balance', 'appropriation_balance')
                and label_kind = 'balance_item'
                then 'balance_item'
            when family = 'economic' then 'economic'
            -- a line that names none of the items, such as 行政经费 above them
            when
                family = 'three_public'
                and row_role = 'code' and label_kind is null and row_name is not null
                and column_item is null
                then null
            -- 合计 beside 三公经费合计 holds 会议费 and 培训费 too
            when family = 'three_public' and column_item is null and has_item_total then null
            -- and so does 合计 above rows of 三公, 会议费 and 培训费
            when family = 'three_public' and label_kind = 'total' and has_other_items then null
            -- rows without words, of which each would be the same: their names are elsewhere
            when family = 'three_public' and is_one_of_unnamed then null
            when family = 'three_public' then 'three_public'
            -- a project without a name: its column was not recognised
            when
                family = 'project'
                and row_role = 'code'
                and coalesce(project_name_text, row_name, project_code_text) is null
                then null
            when family = 'project' then 'project'
            when family in ('revenue', 'revenue_code') then 'revenue'
            when family = 'balance' and is_below_carryover and label_kind = 'revenue_source'
                then 'balance_item'
            when family = 'balance' and label_kind = 'balance_item' then 'balance_item'
            when family = 'balance' and pane_side = 'revenue' and label_kind in ('revenue_source', 'total')
                then 'revenue'
            when family = 'balance' and pane_side = 'expenditure' and label_kind in ('total', 'measure')
                then 'functional'
            when family = 'balance' and pane_side = 'expenditure' and resolved_code is not null
                then 'functional'
        end as fact
    from judged

),

-- In a balance without functions the sums of kinds of expenditure are totals;
-- in an economic table the basic (project) total is the table's own total.
meant as (

    select
        *,
        case
            when label_kind = 'measure' then label_value
            when fact = 'economic' and scope = 'basic' and column_measure = 'basic' then 'total'
            when fact = 'economic' and scope = 'project' and column_measure = 'project' then 'total'
            when fact = 'project' and column_measure = 'project' then 'total'
            -- 人员经费 | 公用经费 over panes of codes: each row prints its own total
            when
                fact = 'economic' and scope in ('basic', 'project')
                and column_measure in ('personnel', 'operating') and not pane_has_parts
                then 'total'
            when fact in ('three_public', 'procurement', 'revenue', 'balance_item') then 'total'
            -- by function, the whole of a table of basic expenditure is basic
            when fact = 'functional' and scope = 'basic' and column_measure is null
                then
                    case
                        when {{ regex_matches('folded_title', "'工资福利支出'") }} then 'wages_welfare'
                        when {{ regex_matches('folded_title', "'商品和服务支出'") }} then 'goods_services'
                        when {{ regex_matches('folded_title', "'对个人和家庭'") }} then 'individuals_families'
                        else 'basic'
                    end
            when
                is_by_government_class
                and column_measure in ('wages_welfare', 'goods_services', 'individuals_families', 'capital')
                then 'government_' || column_measure
            when is_class_of_projects
                then 'project_' || {{ regex_replace('column_measure', "'^government_'", "''") }}
            -- and that of a table of projects is of projects
            when fact = 'functional' and scope = 'project' and column_measure is null then 'project'
            else coalesce(column_measure, 'total')
        end as measure,
        case
            when fact = 'revenue' and family <> 'revenue_code' and label_kind = 'revenue_source'
                then
                    case
                        when label_value = 'fiscal_appropriation' and {{ regex_matches('row_name', "'其中'") }}
                            then 'of_which_fiscal_appropriation'
                        else label_value
                    end
            when fact = 'balance_item' and label_kind = 'revenue_source' then label_value
            when fact = 'balance_item' and label_fund is not null then label_fund
            -- 财政拨款 in a table of one budget is of that budget
            when
                column_fund = 'fiscal_appropriation'
                and table_fund in ('general_public_budget', 'government_funds', 'state_capital')
                then table_fund
            else coalesce(column_fund, table_fund)
        end as fund,
        case
            when fact = 'balance_item' and label_kind = 'revenue_source' then 'carryover'
            when fact in ('revenue', 'balance_item') and family = 'balance'
                then
                    case
                        when label_year_basis is not null then label_year_basis
                        when row_role = 'grand_total' then 'all'
                        when label_value = 'carryover_out' then 'all'
                        when column_year_basis is not null then column_year_basis
                        when title_year_basis is not null then title_year_basis
                        when has_carryover_row then 'current_year'
                        when has_current_total and label_kind = 'revenue_source' then 'current_year'
                        else 'all'
                    end
            when
                (statement = 'revenue' or (statement = 'appropriation_balance' and column_fund is not null))
                and column_year_basis is null
                and has_carryover_column
                and not (is_total_column and column_fund is null)
                then 'current_year'
            else coalesce(column_year_basis, title_year_basis, 'all')
        end as year_basis,
        case
            when
                label_phase in ('budget', 'adjusted_budget') and stage = 'budget'
                and figure_year is not null and figure_year < fiscal_year
                then 'prior_budget'
            when label_phase = 'final' and figure_year is not null and figure_year < fiscal_year
                then 'prior_final'
            when label_phase is null and figure_year is not null and figure_year < fiscal_year
                then case when stage = 'budget' then 'prior_budget' else 'prior_final' end
            when label_phase is not null then label_phase
            when stage = 'final_accounts' then 'final'
            else 'budget'
        end as phase,
        case
            when fact = 'three_public'
                then coalesce(
                    column_item,
                    case when label_kind = 'three_public' then label_value end,
                    case when statement = 'agency_operation' then 'agency_operation' else 'total' end
                )
            when fact = 'procurement' and {{ regex_matches('folded_title', "'购买服务'") }}
                and not {{ regex_matches('folded_title', "'采购'") }}
                then 'purchase_of_services'
            when fact = 'procurement' then coalesce(
                    nullif(column_item, 'procurement'),
                    case when label_kind = 'procurement' then label_value end,
                    purchase_category,
                    case when row_role <> 'code' then 'total' end
                )
            when fact = 'balance_item' and label_kind = 'balance_item' then label_value
            when fact = 'balance_item' then 'carryover_in'
        end as item
    from routed

),

-- What a row prints in several columns that mean the same.
compared as (

    select
        *,
        fact is not null
        and min(amount_yuan) over (partition by {{ meaning }}) <> max(amount_yuan) over (partition by {{ meaning }})
            as is_contradicted,
        fact is not null
        and row_number() over (partition by {{ meaning }} order by column_number) > 1 as is_repeated
    from meant

),

-- With different amounts at least one is misread, and nothing says which.
contradictions as (

    select distinct
        source_table_id,
        pane_number,
        column_number
    from compared
    where is_contradicted

)

select
    document_id,
    compared.source_table_id,
    cell_id,
    row_number,
    compared.column_number,
    compared.pane_number,
    printed_text,
    amount_yuan,
    half_unit_yuan,
    number_scale,
    finest_scale,
    statement,
    stage,
    fiscal_year,
    scope,
    has_secrecy_note,
    family,
    case when contradictions.column_number is null then fact end as fact,
    is_unread_column,
    contradictions.column_number is not null and compared.fact is not null as is_contradicting,
    is_repeated,
    pane_side,
    compared.has_carryover_row,
    coalesce(row_unit_name, document_unit_name) as unit_name,
    case
        when row_unit_name is not null and row_unit_code is not null then row_unit_code
        else max(case when {{ fold_label('own_unit_name') }} = coalesce({{ fold_label('row_unit_name') }}, document_unit_name) then own_unit_code end)
            over (partition by document_id, coalesce({{ fold_label('row_unit_name') }}, document_unit_name))
    end as unit_code,
    (unit_row_number is not null or has_own_unit) and row_role <> 'unit' and {{ fold_label('row_unit_name') }} <> document_unit_name
        as is_of_other_unit,
    case
        when column_side in ('revenue', 'expenditure', 'carryover_out') then column_side
        when statement = 'revenue' then 'revenue'
        else pane_side
    end as side,
    case
        when fact in ('three_public', 'procurement') and item = 'total' and row_role <> 'unit' then 'total'
        else row_role
    end as row_role,
    measure,
    fund,
    year_basis,
    phase,
    item,
    is_total_column,
    label_kind,
    label_value,
    unit_row_number,
    row_name,
    plain_label,
    project_name_text,
    printed_project_name,
    project_code_text,
    project_type_text,
    own_unit_code,
    own_unit_name,
    name_cell_id,
    code_cell_id,
    classification,
    printed_code,
    printed_name,
    code_basis,
    resolved_code,
    resolved_name,
    tree_code,
    is_official,
    level
from compared
left join contradictions
    on
        compared.source_table_id = contradictions.source_table_id
        and compared.pane_number = contradictions.pane_number
        and compared.column_number = contradictions.column_number
