-- One finding per cause of failing identities: what fails, by how much, what would
-- make it hold and where, what it says of the columns, and whether a printed note
-- explains it.
with

failures as (

    select * from {{ ref('int_failure') }}

),

identities as (

    select * from {{ ref('int_identity') }}

),

amounts as (

    select * from {{ ref('int_printed_amount') }}

),

rules as (

    select * from {{ ref('rule') }}

),

statements as (

    select * from {{ ref('statement') }}

),

measures as (

    select * from {{ ref('measure') }}

),

codes as (

    select code, min(name) as name
    from {{ ref('int_code') }}
    group by code

),

-- The rule that names the cause best: a hierarchy before a total, a total before
-- a row, a row before a copy.
lead_failures as (

    select
        failures.*,
        row_number() over (
            partition by failures.cause_key
            order by
                case rules.rule_family
                    when 'hierarchy' then 0
                    when 'table_total' then 1
                    when 'balance' then 2
                    when 'row_parts' then 3
                    else 4
                end,
                case failures.measure when 'total' then 0 else 1 end,
                failures.terms,
                failures.statement,
                failures.identity_key
        ) as lead_rank
    from failures
    inner join rules on failures.rule_id = rules.rule_id

),

cause_statements as (

    select
        named.cause_key,
        {{ string_aggregate('named.name_zh', "'、'", 'named.sort_order') }} as statement_names,
        count(*) as statement_count
    from (
        select distinct failures.cause_key, statements.name_zh, statements.sort_order
        from failures
        inner join {{ ref('int_identity_cell') }} as identity_cells
            on failures.identity_key = identity_cells.identity_key
        inner join amounts on identity_cells.cell_id = amounts.cell_id
        inner join statements on amounts.statement = statements.statement
    ) as named
    group by named.cause_key

),

failing_measures as (

    select distinct
        lead_failures.cause_key,
        failures.measure
    from lead_failures
    inner join failures
        on
            lead_failures.cause_key = failures.cause_key
            and lead_failures.rule_id = failures.rule_id
    where lead_failures.lead_rank = 1

),

holding_measures as (

    select distinct
        lead_failures.cause_key,
        identities.measure
    from lead_failures
    inner join identities
        on
            lead_failures.document_id = identities.document_id
            and lead_failures.rule_id = identities.rule_id
            and lead_failures.subject_code = identities.subject_code
    where
        lead_failures.lead_rank = 1
        and identities.verdict in ('exact', 'rounding', 'suspicious')

),

failing_names as (

    select
        failing_measures.cause_key,
        {{ string_aggregate("measures.name_zh", "'、'", 'measures.sort_order') }} as measure_names,
        count(*) as measure_count
    from failing_measures
    inner join measures on failing_measures.measure = measures.measure
    where failing_measures.measure <> 'total'
    group by failing_measures.cause_key

),

holding_names as (

    select
        holding_measures.cause_key,
        {{ string_aggregate("measures.name_zh", "'、'", 'measures.sort_order') }} as measure_names
    from holding_measures
    inner join measures on holding_measures.measure = measures.measure
    left join failing_measures
        on
            holding_measures.cause_key = failing_measures.cause_key
            and holding_measures.measure = failing_measures.measure
    where failing_measures.measure is null
    group by holding_measures.cause_key

),

-- Everything else of the document that bears on it: do the totals close, do the
-- economic tables?
surroundings as (

    select
        lead_failures.cause_key,
        sum(case
            when identities.rule_id in ('functional_total', 'balance_sides', 'balance_grand_total')
                and identities.verdict = 'discrepancy' then 1
            else 0
        end) as open_totals,
        sum(case
            when identities.rule_id in ('functional_total', 'balance_sides', 'balance_grand_total')
                then 1
            else 0
        end) as totals,
        sum(case
            when identities.rule_id in (
                'functional_economic', 'economic_total', 'economic_children',
                'department_government', 'department_government_total'
            ) and identities.verdict = 'discrepancy' then 1
            else 0
        end) as open_economic,
        sum(case
            when identities.rule_id in (
                'functional_economic', 'economic_total', 'economic_children',
                'department_government', 'department_government_total'
            ) then 1
            else 0
        end) as economic
    from lead_failures
    inner join identities on lead_failures.document_id = identities.document_id
    where lead_failures.lead_rank = 1
    group by lead_failures.cause_key

),

-- One place of the last digit between copies, or a total that dropped its cents.
precisions as (

    select
        failures.cause_key,
        max(case
            when rules.is_copy and abs(failures.difference_yuan) <= 2 * amounts.half_unit_yuan then 0
            when
                amounts.number_scale = 0
                and amounts.finest_scale > 0
                and abs(failures.difference_yuan) < 2 * amounts.half_unit_yuan * power_of_ten.factor
                then 0
            else 1
        end) as is_beyond
    from failures
    inner join rules on failures.rule_id = rules.rule_id
    inner join {{ ref('int_identity_cell') }} as identity_cells
        on
            failures.identity_key = identity_cells.identity_key
            and identity_cells.term_role = 'total'
    inner join amounts on identity_cells.cell_id = amounts.cell_id
    left join (
        select 1 as scale, cast(10 as decimal(10, 0)) as factor
        union all
        select 2 as scale, cast(100 as decimal(10, 0)) as factor
        union all
        select 3 as scale, cast(1000 as decimal(10, 0)) as factor
        union all
        select 4 as scale, cast(10000 as decimal(10, 0)) as factor
    ) as power_of_ten
        on amounts.finest_scale = power_of_ten.scale
    group by failures.cause_key

)

select
    lead_failures.cause_key,
    lead_failures.document_id,
    lead_failures.rule_id,
    lead_failures.subject_code,
    causes.cause_kind,
    case
        -- more likely we misread it than they misprinted it
        when rules.severity = 'error' and coalesce(places.is_recognised, false) then 'warning'
        when
            rules.severity = 'error'
            and coalesce(places.has_secrecy_note, false)
            and causes.cause_kind = 'missing_row'
            then 'warning'
        when
            rules.severity = 'error'
            and (causes.cause_kind in ('last_place', 'rounded_apart', 'cents_dropped') or coalesce(precisions.is_beyond, 1) = 0)
            then 'warning'
        else rules.severity
    end as severity,
    case
        when causes.cause_kind in ('table_unit', 'columns_swapped') then kinds.name_zh
        else rules.message_zh
    end
    || case
        when causes.cause_kind in ('table_unit', 'columns_swapped')
            then '：' || coalesce(places.statement_name, statements.name_zh)
        when codes.name is not null then '：' || lead_failures.subject_code || ' ' || codes.name
        when subjects.name_zh is not null then '：' || subjects.name_zh
        when lead_failures.subject_code not in ('total', 'grand_total', 'code', 'unit') then '：' || lead_failures.subject_code
        else '：' || statements.name_zh
    end
    || '，相差 ' || {{ format_yuan('abs(lead_failures.difference_yuan)') }}
    || case when coalesce(places.is_recognised, false) then '（图像识别的数字，可能识别有误）' else '' end
        as title,
    rules.right_zh || '。'
    || '印列 ' || {{ format_yuan('lead_failures.printed_yuan') }}
    || '，计算得 ' || {{ format_yuan('lead_failures.computed_yuan') }}
    || '，相差 ' || {{ format_yuan('lead_failures.difference_yuan') }} || '。'
    || case
        when failing_names.measure_count is not null and holding_names.measure_names is not null
            then '仅“' || failing_names.measure_names || '”栏（及含该栏的合计栏）'
                || case when lead_failures.difference_yuan > 0 then '短缺' else '多出' end || '，“'
                || holding_names.measure_names || '”栏相符。'
        else ''
    end
    || '涉及 ' || cast(cause_statements.statement_count as {{ dbt.type_string() }}) || ' 张报表：'
    || cause_statements.statement_names || '。'
    || case
        when causes.cause_kind = 'unexplained' then '原因不明，印列位置：' || coalesce(places.blamed_places, '') || '。'
        when causes.cause_kind = 'rounded_apart'
            then kinds.name_zh || '，印列位置：' || coalesce(places.blamed_places, '') || '。'
        when causes.cause_kind in ('missing_row', 'missing_column')
            then '最可能的原因：' || kinds.name_zh || '，合计位置：' || coalesce(places.blamed_places, '') || '。'
        else '最可能的错处：' || coalesce(places.blamed_places, '') || '（' || kinds.name_zh || '）。'
    end
    || case
        when causes.cause_kind in ('rounded_apart', 'unexplained') then ''
        else '如此则 ' || cast(causes.identity_count as {{ dbt.type_string() }}) || ' 个不成立的等式均成立。'
    end
    || case
        when places.other_count > 0 then '同样可能：' || places.other_places || '。'
        else ''
    end
    || case when causes.may_miss_row then '也可能有一行未列示。' else '' end
    || case
        -- what stands in another column may have been put there by us
        when causes.cause_kind in ('column_shift', 'columns_swapped', 'row')
            then '也可能是读取时串栏，请先对照原件。'
        else ''
    end
    || case
        when coalesce(places.has_secrecy_note, false)
            then '表下注明涉密项目依法不予公开，差额可能为未公开的涉密项目；'
        else ''
    end
    || case
        when surroundings.totals > 0 and surroundings.open_totals = 0
            then '各表合计及收支总计均相符'
                || case
                    when surroundings.economic > 0 and surroundings.open_economic = 0
                        then '，经济分类各表亦相符；'
                    else '；'
                end
        else ''
    end
    || case
        when coalesce(places.is_recognised, false)
            then '其中有数字由图像识别而来，差额可能是识别错误，请先对照原件；'
        else ''
    end
    || '差额作为未解释的差额保留，未更改任何印列数字，也未补列任何科目。' as explanation,
    cast(lead_failures.difference_yuan as decimal(20, 4)) as difference_yuan,
    causes.identity_count as identities,
    places.page,
    places.line
from lead_failures
inner join rules on lead_failures.rule_id = rules.rule_id
inner join {{ ref('int_cause') }} as causes on lead_failures.cause_key = causes.cause_key
inner join {{ ref('cause_kind') }} as kinds on causes.cause_kind = kinds.cause_kind
inner join cause_statements on lead_failures.cause_key = cause_statements.cause_key
inner join statements on lead_failures.statement = statements.statement
left join codes on lead_failures.subject_code = codes.code
left join {{ ref('int_subject_name') }} as subjects
    on lead_failures.subject_code = subjects.subject_code
left join failing_names on lead_failures.cause_key = failing_names.cause_key
left join holding_names on lead_failures.cause_key = holding_names.cause_key
left join surroundings on lead_failures.cause_key = surroundings.cause_key
left join {{ ref('int_cause_place') }} as places on lead_failures.cause_key = places.cause_key
left join precisions on lead_failures.cause_key = precisions.cause_key
where lead_failures.lead_rank = 1
