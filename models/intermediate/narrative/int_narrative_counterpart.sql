-- What the tables print that running text may speak of, by subject: totals of revenue and
-- expenditure with their sources and kinds, codes, lines of balances, items of 三公,
-- procurement, projects. 人员经费 and
-- 公用经费 are also the sums of their economic classes, where a table prints no total of
-- them. A counterpart of several cells shares one key. One row per counterpart and cell.
with

amounts as (

    select *
    from {{ ref('int_amount') }}
    where
        fact is not null
        and row_role <> 'unit'
        and not coalesce(is_of_other_unit, false)
        and not coalesce(is_repeated, false)

),

code_amounts as (

    select *
    from {{ ref('int_code_amount') }}
    where
        row_role = 'code'
        and tree_code is not null
        and coalesce(side, '') <> 'carryover_out'
        and not coalesce(is_of_other_unit, false)
        and not coalesce(is_repeated, false)

),

compared as (

    select * from {{ ref('int_compared_cell') }}

),

statements as (

    select * from {{ ref('statement') }}

),

classes as (

    select * from {{ ref('economic_class_measure') }} where classification = 'department'

),

-- Kinds of expenditure that are one economic class.
class_kinds as (

    {% for code, measure in [
        ('301', 'wages_welfare'), ('302', 'goods_services'), ('303', 'individuals_families'), ('310', 'capital')
    ] -%}
    select '{{ code }}' as class_code, '{{ measure }}' as measure
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

totals as (

    select
        document_id,
        cell_id,
        cell_id as counterpart_key,
        'total' as subject_kind,
        case when side = 'revenue' then 'revenue' else 'expenditure' end as subject_code,
        case when measure = 'total' and scope in ('basic', 'project') then scope else measure end as measure,
        row_role,
        scope
    from amounts
    where
        fact in ('functional', 'economic', 'revenue', 'project')
        and row_role in ('total', 'grand_total')
        and coalesce(family, '') <> 'revenue_code'
        and coalesce(side, '') <> 'carryover_out'

),

-- 年末结转和结余 as a column of a table of codes
columns_carried_out as (

    select
        document_id,
        cell_id,
        cell_id as counterpart_key,
        'balance' as subject_kind,
        'carryover_out' as subject_code,
        measure,
        row_role,
        scope
    from amounts
    where
        fact = 'functional'
        and side = 'carryover_out'
        and measure = 'total'
        and row_role in ('total', 'grand_total')

),

sources as (

    select
        document_id,
        cell_id,
        cell_id as counterpart_key,
        'total' as subject_kind,
        'revenue' as subject_code,
        measure,
        row_role,
        scope
    from amounts
    where
        (fact = 'revenue' and row_role = 'code' and coalesce(family, '') <> 'revenue_code')
        or (fact = 'balance_item' and item = 'carryover_in')

),

-- A budget that leaves nothing over spends what it receives: where its tables print no
-- revenue, 收入总计 is held against 支出总计.
balanced as (

    select
        totals.document_id,
        totals.cell_id,
        totals.counterpart_key || '/revenue' as counterpart_key,
        'total' as subject_kind,
        'revenue' as subject_code,
        totals.measure,
        totals.row_role,
        totals.scope
    from totals
    inner join {{ ref('int_document_carryover') }} as carryovers
        on totals.document_id = carryovers.document_id and not carryovers.has_other_lines
    inner join amounts
        on
            totals.cell_id = amounts.cell_id
            and amounts.stage = 'budget'
            and amounts.year_basis = 'all'
    where
        totals.subject_code = 'expenditure'
        and totals.measure = 'total'
        and totals.document_id not in (select sources.document_id from sources)
        -- revenue by its codes is that of one budget
        and totals.document_id not in (select printed.document_id from amounts as printed where printed.fact = 'revenue')
        and totals.document_id not in (select revenue.document_id from totals as revenue where revenue.subject_code = 'revenue')

),

codes as (

    select
        document_id,
        cell_id,
        cell_id as counterpart_key,
        classification as subject_kind,
        tree_code as subject_code,
        case
            when classification = 'functional' then measure
            when scope in ('basic', 'project') then scope
            else measure
        end as measure,
        row_role,
        scope
    from code_amounts
    where
        fact = 'functional'
        -- 人员经费 and 公用经费 beside the total of a code print it again
        or (fact = 'economic' and classification = 'department' and measure in ('total', 'basic', 'project'))

),

single_classes as (

    select
        code_amounts.document_id,
        code_amounts.cell_id,
        code_amounts.cell_id as counterpart_key,
        'total' as subject_kind,
        'expenditure' as subject_code,
        class_kinds.measure,
        code_amounts.row_role,
        code_amounts.scope
    from code_amounts
    inner join class_kinds on code_amounts.tree_code = class_kinds.class_code
    where
        code_amounts.fact = 'economic'
        and code_amounts.classification = 'department'
        and code_amounts.measure = 'total'
        and code_amounts.scope = 'basic'

),

-- A class of all expenditure, or printed below 基本支出 and below 项目支出 of one balance:
-- 商品和服务支出 of the text may be that, too.
scopes_of_classes as (

    select
        source_table_id,
        tree_code,
        fund,
        year_basis,
        phase
    from code_amounts
    where
        fact = 'economic'
        and classification = 'department'
        and measure = 'total'
        and scope in ('basic', 'project')
    group by source_table_id, tree_code, fund, year_basis, phase
    having count(distinct scope) = 2

),

whole_classes as (

    select
        code_amounts.document_id,
        code_amounts.cell_id,
        code_amounts.source_table_id || '/' || code_amounts.tree_code || '/' || code_amounts.fund || '/'
        || code_amounts.year_basis || '/' || code_amounts.phase as counterpart_key,
        'total' as subject_kind,
        'expenditure' as subject_code,
        class_kinds.measure,
        code_amounts.row_role,
        'all' as scope
    from code_amounts
    inner join class_kinds on code_amounts.tree_code = class_kinds.class_code
    left join scopes_of_classes
        on
            code_amounts.source_table_id = scopes_of_classes.source_table_id
            and code_amounts.tree_code = scopes_of_classes.tree_code
            and code_amounts.fund = scopes_of_classes.fund
            and code_amounts.year_basis = scopes_of_classes.year_basis
            and code_amounts.phase = scopes_of_classes.phase
    where
        code_amounts.fact = 'economic'
        and code_amounts.classification = 'department'
        and code_amounts.measure = 'total'
        and (
            code_amounts.scope = 'all'
            or code_amounts.scope in ('basic', 'project') and scopes_of_classes.source_table_id is not null
        )

),

summed_classes as (

    select
        code_amounts.document_id,
        code_amounts.cell_id,
        code_amounts.source_table_id || '/' || classes.measure || '/' || code_amounts.fund || '/'
        || code_amounts.year_basis || '/' || code_amounts.phase as counterpart_key,
        'total' as subject_kind,
        'expenditure' as subject_code,
        classes.measure,
        code_amounts.row_role,
        code_amounts.scope
    from code_amounts
    inner join classes on code_amounts.tree_code = classes.class_code
    where
        code_amounts.fact = 'economic'
        and code_amounts.classification = 'department'
        and code_amounts.measure = 'total'
        and code_amounts.scope = 'basic'

),

items as (

    select
        document_id,
        cell_id,
        cell_id as counterpart_key,
        case item when 'agency_operation' then 'agency_operation' else 'three_public' end as subject_kind,
        item as subject_code,
        measure,
        row_role,
        scope
    from amounts
    where fact = 'three_public'

),

-- Of an office without other units 机关运行经费 are its 公用经费.
agency_operations as (

    select
        document_id,
        cell_id,
        counterpart_key || '/agency_operation' as counterpart_key,
        'agency_operation' as subject_kind,
        'agency_operation' as subject_code,
        measure,
        row_role,
        scope
    from (
        select * from totals
        union all
        select * from summed_classes
    ) as operating
    where measure = 'operating'

),

other_lines as (

    select
        document_id,
        cell_id,
        cell_id as counterpart_key,
        'balance' as subject_kind,
        item as subject_code,
        measure,
        row_role,
        scope
    from amounts
    where fact = 'balance_item' and item <> 'carryover_in'

),

projects as (

    select
        document_id,
        cell_id,
        cell_id as counterpart_key,
        'project' as subject_kind,
        {{ fold_label('printed_project_name') }} as subject_code,
        'project' as measure,
        row_role,
        scope
    from amounts
    where fact = 'project' and row_role = 'code' and printed_project_name is not null

),

-- Lines of procurement that sum up, and no single purchases.
procurements as (

    select
        amounts.document_id,
        amounts.cell_id,
        amounts.cell_id as counterpart_key,
        'procurement' as subject_kind,
        amounts.item as subject_code,
        amounts.measure,
        amounts.row_role,
        amounts.scope
    from amounts
    left join {{ ref('int_purchase') }} as purchases
        on
            amounts.source_table_id = purchases.source_table_id
            and amounts.row_number = purchases.row_number
            and amounts.pane_number = purchases.pane_number
    where
        amounts.fact = 'procurement'
        and amounts.item is not null
        and purchases.source_table_id is null

),

gathered_alike as (

    select * from totals
    union all
    select * from sources
    union all
    select * from balanced
    union all
    select * from codes
    union all
    select * from single_classes
    union all
    select * from summed_classes
    union all
    select * from items
    union all
    select * from agency_operations
    union all
    select * from other_lines
    union all
    select * from columns_carried_out
    union all
    select * from procurements
    union all
    select * from projects

),

gathered as (

    select
        *,
        subject_kind = 'agency_operation' and measure = 'operating' as is_akin
    from gathered_alike
    union all
    select
        *,
        true as is_akin
    from whole_classes

)

select
    gathered.document_id,
    gathered.cell_id,
    gathered.counterpart_key,
    gathered.subject_kind,
    gathered.subject_code,
    case
        when gathered.subject_kind in ('three_public', 'agency_operation', 'balance', 'procurement') then null
        when amounts.side = 'revenue' or gathered.subject_code = 'revenue' then 'revenue'
        else 'expenditure'
    end as side,
    gathered.measure,
    gathered.row_role,
    gathered.is_akin,
    amounts.statement,
    statements.sort_order as statement_order,
    amounts.fund,
    compared.compared_fund,
    amounts.year_basis,
    compared.compared_basis,
    amounts.phase,
    amounts.stage,
    amounts.amount_yuan,
    amounts.half_unit_yuan
from gathered
inner join amounts on gathered.cell_id = amounts.cell_id
inner join compared on gathered.cell_id = compared.cell_id
inner join statements on amounts.statement = statements.statement
