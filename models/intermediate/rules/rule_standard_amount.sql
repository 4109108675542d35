-- 人数乘以标准（再乘以分担比例）等于金额：绩效目标表中只有一项人数、一项人均标准时，其乘积等于年度资金；
-- 项目文本中标准乘以分担比例等于算式所用的标准。按月的标准只在十二个月恰好相符时比较。
-- Quantity times standard (times share) is the amount. In a performance form with one
-- number of people and one standard per head, their product is the money for the year; in
-- a project text the standard times the share of the payer is the standard that its
-- formula uses. What is paid by the month may be paid for fewer of them: it is compared
-- only where twelve months give the amount.
with

-- ≥ is no quantity that a budget could be computed from.
indicators as (

    select
        *,
        source_table_id || '/' || cast(form_number as {{ dbt.type_string() }})
        || '/' || coalesce(project_name, project_code, '') as project_key,
        case
            when target_unit in ('人', '名', '户') then 'quantity'
            when {{ regex_matches('target_unit', "'^万?元[/每·](人|名|户)([/每·]年|[/每·]次)?$'") }} then 'yearly'
            when {{ regex_matches('target_unit', "'^元([/每·](人|名|户))?[/每·]月$'") }} then 'monthly'
        end as part
    from {{ ref('int_target_indicator') }}
    where
        statement = 'performance_project'
        and target_value > 0
        and (operator is null or operator in ('=', '≤'))

),

-- Both horizons may print the same indicator, or the headings of one have slid.
parts as (

    select
        document_id,
        project_key,
        source_table_id,
        form_number,
        coalesce(project_name, project_code, '') as project,
        case when part = 'quantity' then 'quantity' else 'standard' end as part,
        min(case when part = 'monthly' then 12 else 1 end) as months,
        min(case when target_unit like '万元%' then 10000 * target_value else target_value end) as part_value,
        min(cell_id) as cell_id
    from indicators
    where part is not null
    group by
        document_id,
        project_key,
        source_table_id,
        form_number,
        coalesce(project_name, project_code, ''),
        case when part = 'quantity' then 'quantity' else 'standard' end
    having count(distinct folded_indicator || '/' || cast(target_value as {{ dbt.type_string() }})) = 1

),

amounts as (

    select
        source_table_id,
        form_number,
        coalesce(project_name, project_code, '') as project,
        min(cell_id) as cell_id,
        min(amount_yuan) as amount_yuan,
        min(half_unit_yuan) as half_unit_yuan
    from {{ ref('int_target_amount') }}
    where {{ is_money_of_project_year() }}
    group by source_table_id, form_number, coalesce(project_name, project_code, '')
    having count(*) = 1

),

products as (

    select
        standards.document_id,
        'performance_project' as statement,
        standards.cell_id as standard_cell_id,
        quantities.cell_id as other_cell_id,
        amounts.cell_id as total_cell_id,
        amounts.amount_yuan as total_yuan,
        amounts.half_unit_yuan as total_half_unit_yuan,
        standards.months,
        try_cast(
            standards.months
            * try_cast(standards.part_value as decimal(16, 4)) * try_cast(quantities.part_value as decimal(12, 2))
            as decimal(20, 4)
        ) as product_yuan
    from parts as standards
    inner join parts as quantities
        on
            standards.project_key = quantities.project_key
            and quantities.part = 'quantity'
    inner join amounts
        on
            standards.source_table_id = amounts.source_table_id
            and standards.form_number = amounts.form_number
            and standards.project = amounts.project
    where standards.part = 'standard'

),

policy_standards as (

    select * from {{ ref('int_policy_standard') }} where document_kind = 'project_text'

),

-- One full standard per head, one share, and one standard that is multiplied.
full_standards as (

    select
        document_id,
        min(standard_value) as standard_value,
        min(cell_id) as cell_id
    from policy_standards
    where standard_kind = 'standard' and value_unit = '元' and per like '人%'
    group by document_id
    having count(distinct standard_value) = 1

),

shares as (

    select
        document_id,
        min(standard_value) as share_value,
        min(cell_id) as cell_id
    from policy_standards
    where standard_kind = 'payer_share'
    group by document_id
    having count(distinct standard_value) = 1

),

multiplied as (

    select
        terms.document_id,
        min(terms.term_value) as standard_value,
        min(terms.half_unit_value) as half_unit_value,
        min(terms.cell_id) as cell_id
    from {{ ref('stg_formula_term') }} as terms
    inner join {{ ref('stg_formula') }} as formulas on terms.formula_id = formulas.formula_id
    where
        formulas.formula_kind = 'expression'
        and terms.term_role = 'operand'
        and terms.factor_number > 0
        and terms.is_money
    group by terms.document_id
    having count(distinct terms.term_value) = 1

),

compared as (

    select
        document_id,
        statement,
        standard_cell_id,
        other_cell_id,
        total_cell_id,
        total_yuan,
        total_half_unit_yuan,
        product_yuan
    from products
    where months = 1 or abs(product_yuan - total_yuan) <= total_half_unit_yuan

    union all

    select
        multiplied.document_id,
        cast(null as {{ dbt.type_string() }}) as statement,
        full_standards.cell_id as standard_cell_id,
        shares.cell_id as other_cell_id,
        multiplied.cell_id as total_cell_id,
        try_cast(multiplied.standard_value as decimal(20, 4)) as total_yuan,
        multiplied.half_unit_value as total_half_unit_yuan,
        try_cast(
            try_cast(full_standards.standard_value as decimal(16, 4))
            * try_cast(shares.share_value as decimal(9, 4)) * cast(0.01 as decimal(3, 2))
            as decimal(20, 4)
        ) as product_yuan
    from multiplied
    inner join full_standards on multiplied.document_id = full_standards.document_id
    inner join shares on multiplied.document_id = shares.document_id
    where full_standards.standard_value <> multiplied.standard_value

),

cells as (

    select
        standard_cell_id as identity_key,
        document_id,
        statement,
        total_cell_id as cell_id,
        'total' as term_role,
        1 as sign,
        total_yuan as amount_yuan,
        cast(total_half_unit_yuan as decimal(20, 8)) as half_unit_yuan
    from compared
    where product_yuan is not null and total_yuan is not null

    union all

    select
        standard_cell_id as identity_key,
        document_id,
        statement,
        standard_cell_id as cell_id,
        'term' as term_role,
        1 as sign,
        product_yuan as amount_yuan,
        cast(0 as decimal(20, 8)) as half_unit_yuan
    from compared
    where product_yuan is not null and total_yuan is not null

    union all

    select
        standard_cell_id as identity_key,
        document_id,
        statement,
        other_cell_id as cell_id,
        'term' as term_role,
        0 as sign,
        cast(0 as decimal(20, 4)) as amount_yuan,
        cast(0 as decimal(20, 8)) as half_unit_yuan
    from compared
    where product_yuan is not null and total_yuan is not null

),

identity_cells as (

    select
        *,
        'standard' as subject_code,
        'total' as measure,
        'all' as fund,
        'all' as year_basis,
        cast(null as {{ dbt.type_string() }}) as phase
    from cells

)

{{ rule_columns('standard_amount', 'identity_cells') }}
