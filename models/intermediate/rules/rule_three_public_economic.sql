-- 三公经费表与经济分类一致：公务接待费 30217、因公出国（境）费 30212、公务用车运行维护费 30231、
-- 公务用车购置 31013 等科目的基本支出与项目支出之和等于三公经费表中的该项。
-- An item of 三公 equals its economic codes (seed three_public_code) in the tables of all
-- expenditure, or of basic and project expenditure together. Where basic expenditure
-- alone is printed, projects may have more: it makes an identity unless it stays below.
-- 会议费 and 培训费 of projects may be of others than the unit's own staff.
with

economic_figures as (

    {{ economic_figures() }}

),

codes as (

    select * from {{ ref('three_public_code') }}

),

items as (

    select
        amounts.*,
        amounts.document_id
        || '/' || compared_cells.compared_fund || '/' || compared_cells.compared_basis
        || '/' || amounts.phase as block_key,
        count(*) over (
            partition by
                amounts.document_id, amounts.item, amounts.phase,
                compared_cells.compared_fund, compared_cells.compared_basis
        ) as printed_count
    from {{ ref('int_amount') }} as amounts
    inner join {{ ref('int_compared_cell') }} as compared_cells
        on amounts.cell_id = compared_cells.cell_id
    where
        amounts.fact = 'three_public'
        and amounts.statement = 'three_public'
        and amounts.row_role <> 'unit'
        and not coalesce(amounts.is_repeated, false)
        and not coalesce(amounts.is_of_other_unit, false)

),

-- Which kinds of expenditure have a table of their own, one each.
kinds as (

    select
        block_key,
        classification,
        count(distinct case when kind = 'total' then source_table_id end) as total_count,
        count(distinct case when kind = 'basic' then source_table_id end) as basic_count,
        count(distinct case when kind = 'project' then source_table_id end) as project_count
    from economic_figures
    where slot = 'main' and row_role = 'code' and kind in ('total', 'basic', 'project')
    group by block_key, classification

),

forms as (

    select
        *,
        case
            when basic_count = 1 and project_count = 1 then 'parts'
            when basic_count = 1 and total_count = 0 then 'basic'
            when total_count = 1 and basic_count <= 1 then 'whole'
        end as form
    from kinds

),

lines as (

    select
        economic_figures.*,
        codes.item,
        forms.form,
        economic_figures.block_key || '/' || economic_figures.classification
        || '/' || codes.economic_code as identity_key
    from economic_figures
    inner join codes
        on
            economic_figures.classification = codes.classification
            and economic_figures.tree_code = codes.economic_code
    inner join forms
        on
            economic_figures.block_key = forms.block_key
            and economic_figures.classification = forms.classification
    where
        economic_figures.slot = 'main'
        and economic_figures.row_role = 'code'
        and (
            (
                forms.form = 'parts'
                and (
                    economic_figures.kind = 'basic'
                    or (economic_figures.kind = 'project' and codes.item not in ('meetings', 'training'))
                )
            )
            or (forms.form = 'basic' and economic_figures.kind = 'basic')
            or (
                forms.form = 'whole' and economic_figures.kind = 'total'
                and codes.item not in ('meetings', 'training')
            )
        )

),

-- One column of a table that prints the same money under several sources; panes have
-- one code each.
terms as (

    select *
    from (
        select
            *,
            min(column_number) over (partition by identity_key, source_table_id) as first_column_number
        from lines
    ) as placed
    where column_number = first_column_number

),

sums as (

    select
        identity_key,
        min(block_key) as block_key,
        min(item) as item,
        min(form) as form,
        sum(amount_yuan) as amount_yuan,
        sum(half_unit_yuan) as half_unit_yuan
    from terms
    group by identity_key

),

totals as (

    select
        items.*,
        sums.identity_key
    from items
    inner join sums
        on
            items.block_key = sums.block_key
            and items.item = sums.item
            and items.printed_count = 1
    where
        (sums.form <> 'basic' and items.item not in ('meetings', 'training'))
        or sums.amount_yuan + sums.half_unit_yuan + items.half_unit_yuan >= items.amount_yuan

),

cells as (

    select
        document_id,
        statement,
        item as subject_code,
        measure,
        fund,
        year_basis,
        phase,
        cell_id,
        amount_yuan,
        half_unit_yuan,
        identity_key,
        'total' as term_role,
        1 as sign
    from totals

    union all

    select
        terms.document_id,
        terms.statement,
        terms.item as subject_code,
        terms.kind as measure,
        terms.fund,
        terms.year_basis,
        terms.phase,
        terms.cell_id,
        terms.amount_yuan,
        terms.half_unit_yuan,
        terms.identity_key,
        'term' as term_role,
        1 as sign
    from terms
    inner join totals on terms.identity_key = totals.identity_key

)

{{ rule_columns('three_public_economic', 'cells') }}
