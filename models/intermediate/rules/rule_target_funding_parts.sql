-- 绩效目标表：资金总额等于各来源之和，财政拨款等于各级财政资金之和。
-- A performance form: the money of a project equals the sum of its payers and kinds
-- of money; fiscal appropriations equal the sum of the levels of government or of the
-- budgets where these are printed beside it.
with

amounts as (

    select
        target_amounts.*,
        target_amounts.source_table_id || '/' || cast(target_amounts.form_number as {{ dbt.type_string() }})
        || '/' || case
            when forms.is_list then cast(target_amounts.row_number as {{ dbt.type_string() }})
            else ''
        end || '/' || target_amounts.horizon || '/' || target_amounts.phase as form_key,
        case
            when target_amounts.year_basis = 'carryover' then 'kind'
            when target_amounts.payer in ('own', 'other') then 'kind'
            when target_amounts.payer <> 'total' then 'level'
            when target_amounts.fund = 'all' then 'whole'
            when target_amounts.fund = 'fiscal_appropriation' then 'fiscal'
            when target_amounts.fund in ('general_public_budget', 'government_funds', 'state_capital') then 'budget'
            else 'kind'
        end as part,
        {{ regex_matches('labels.folded_text', "'^其中'") }} as is_of_which
    from {{ ref('int_target_amount') }} as target_amounts
    inner join {{ ref('int_target_form') }} as forms
        on
            target_amounts.source_table_id = forms.source_table_id
            and target_amounts.form_number = forms.form_number
    inner join {{ ref('int_target_number') }} as numbers on target_amounts.cell_id = numbers.cell_id
    inner join {{ ref('int_target_cell') }} as labels on numbers.label_cell_id = labels.cell_id
    where target_amounts.measure = 'total'

),

-- One whole, at most one line of fiscal appropriations, levels or budgets but not
-- both; 其中 before a single smaller part names one of several.
shapes as (

    select
        form_key,
        count(case when part = 'whole' then 1 end) as whole_count,
        count(case when part = 'fiscal' then 1 end) as fiscal_count,
        count(case when part in ('level', 'budget') then 1 end) as inner_count,
        count(distinct case when part in ('level', 'budget') then part end) as inner_kinds,
        count(case when part <> 'whole' then 1 end) = 1
        and max(case when part <> 'whole' and is_of_which then 1 else 0 end) = 1
        and sum(case when part = 'whole' then amount_yuan else -amount_yuan end) > 0 as is_one_of_several
    from amounts
    group by form_key

),

placed as (

    select
        amounts.*,
        case
            when amounts.part = 'whole' then 'total'
            when amounts.part in ('fiscal', 'kind') or shapes.fiscal_count = 0 then 'term'
        end as whole_role,
        case
            when shapes.fiscal_count = 0 or shapes.inner_count = 0 then null
            when amounts.part = 'fiscal' then 'total'
            when amounts.part in ('level', 'budget') then 'term'
        end as fiscal_role
    from amounts
    inner join shapes on amounts.form_key = shapes.form_key
    where
        shapes.whole_count <= 1
        and shapes.fiscal_count <= 1
        and shapes.inner_kinds <= 1
        and not shapes.is_one_of_several

),

sides as (

    select
        *,
        form_key || '/whole' as identity_key,
        whole_role as term_role
    from placed
    where whole_role is not null

    union all

    select
        *,
        form_key || '/fiscal' as identity_key,
        fiscal_role as term_role
    from placed
    where fiscal_role is not null

),

totals as (

    select * from sides where term_role = 'total'

),

terms as (

    select * from sides where term_role = 'term'

),

cells as (

    {{ both_sides("coalesce(project_code, project_name, 'total')") }}

)

{{ rule_columns('target_funding_parts', 'cells') }}
