-- Findings of running text, one per figure that is blamed: which figure, what it is held
-- against and where, by how much it differs, and what would be right. A text that
-- contradicts a table by less than 1 %, or anything in its last place, is a warning. One
-- row per cause.
with

failures as (

    select * from {{ ref('int_narrative_failure') }} where blamed_cell_id is not null

),

identity_cells as (

    select * from {{ ref('int_narrative_identity_cell') }}

),

-- 4. “社会保障和就业支出（类）…”: without its number and quotation marks.
figures as (

    select
        *,
        substr(
            {{ regex_replace('subject_text', "'^[（(]?[0-9一二三四五六七八九十]{1,3}[)）、.．]\\s*|[“”\\x22]+'", "''") }},
            1, 60
        ) as spoken_text
    from {{ ref('int_narrative_figure') }}

),

operands as (

    select * from {{ ref('int_narrative_operand') }}

),

trials as (

    select * from {{ ref('int_narrative_trial') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

rules as (

    select * from {{ ref('rule') }}

),

-- What each cell of a failing identity is, in words.
described as (

    select
        failures.identity_key,
        failures.blamed_cell_id,
        identity_cells.cell_id,
        identity_cells.term_role,
        identity_cells.sign,
        identity_cells.amount_yuan,
        identity_cells.half_unit_yuan,
        figures.cell_id is null as is_of_table,
        coalesce(figures.figure_number, 1000000) as figure_number,
        case
            when figures.cell_id is not null
                then coalesce('第' || cast(figures.page as {{ dbt.type_string() }}) || '页', '第' || cast(figures.line as {{ dbt.type_string() }}) || '行', '文中')
                    || coalesce(' ' || figures.spoken_text, '') || ' “' || figures.printed_text || '”'
            else coalesce(statements.name_zh, tables.title, '') || ' ' || coalesce('第' || cast(cells.page as {{ dbt.type_string() }}) || '页', '第' || cast(cells.line as {{ dbt.type_string() }}) || '行', '')
                || coalesce(' ' || {{ trimmed('amounts.row_name') }}, '') || ' “' || {{ trimmed('cells.printed_text') }} || '”'
        end as words
    from failures
    inner join identity_cells on failures.identity_key = identity_cells.identity_key
    left join figures on identity_cells.cell_id = figures.cell_id
    left join cells on identity_cells.cell_id = cells.cell_id
    left join {{ ref('int_table') }} as tables on cells.source_table_id = tables.source_table_id
    left join {{ ref('statement') }} as statements on tables.statement = statements.statement
    left join {{ ref('int_printed_amount') }} as amounts on identity_cells.cell_id = amounts.cell_id

),

others as (

    select
        identity_key,
        {{ string_aggregate("case when cell_id <> blamed_cell_id and term_role = 'total' then words end", "'、'", 'figure_number') }}
            as total_words,
        {{ string_aggregate("case when cell_id <> blamed_cell_id then words end", "'、'", 'figure_number') }}
            as all_words,
        max(case when is_of_table then abs(amount_yuan) end) as table_yuan,
        max(half_unit_yuan) as largest_half_unit,
        max(case when sign = 0 then amount_yuan end) as base_yuan,
        count(*) as cell_count
    from described
    group by identity_key

),

-- 99.868 → 99.86: a place that was cut off, or one place apart.
judged as (

    select
        failures.*,
        rules.rule_family,
        figures.meaning,
        others.total_words,
        others.all_words,
        others.base_yuan,
        case
            when failures.rule_id = 'narrative_sign' then false
            when failures.rule_id in ('narrative_share', 'narrative_growth', 'narrative_completion')
                then abs(failures.difference_yuan) <= 2 * failures.bound_yuan
            when failures.rule_id in ('narrative_table', 'narrative_target', 'narrative_copy')
                then
                    abs(failures.difference_yuan) <= 2 * others.largest_half_unit
                    or 100 * abs(failures.difference_yuan) < abs(failures.computed_yuan)
            else false
        end as is_small,
        case failures.rule_id
            when 'narrative_table' then 0
            when 'narrative_target' then 0
            when 'narrative_sign' then 1
            when 'narrative_parts' then 2
            when 'narrative_change' then 3
            when 'narrative_completion' then 4
            when 'narrative_growth' then 5
            when 'narrative_share' then 6
            else 7
        end as rule_order
    from failures
    inner join others on failures.identity_key = others.identity_key
    inner join figures on failures.blamed_cell_id = figures.cell_id
    inner join rules on failures.rule_id = rules.rule_id

),

-- The percentage that the amounts make, with the places that are printed.
computed_percents as (

    select
        judged.identity_key,
        {{ percent_text(
            'judged.computed_yuan',
            "coalesce(case when judged.rule_id = 'narrative_growth' then judged.base_yuan - judged.computed_yuan"
            ~ " * case when operands.direction = -1 then -1 else 1 end else judged.base_yuan end, 0)",
            'figures.number_scale'
        ) }} as percent_words
    from judged
    inner join figures on judged.blamed_cell_id = figures.cell_id
    inner join operands on judged.blamed_cell_id = operands.cell_id
    where operands.percent_value is not null and judged.rule_id <> 'narrative_sign'

),

sentences as (

    select
        judged.cause_key,
        judged.identity_key,
        judged.rule_order,
        judged.is_small,
        row_number() over (
            partition by judged.cause_key
            order by judged.rule_order, abs(judged.difference_yuan) desc, judged.identity_key
        ) as lead_rank,
        row_number() over (
            partition by judged.cause_key, judged.rule_id, judged.all_words
            order by judged.identity_key
        ) as words_rank,
        case
            when computed_percents.percent_words is not null
                then '按' || judged.all_words || '计算应为 ' || computed_percents.percent_words
            when judged.rule_id in ('narrative_table', 'narrative_target') then '与' || judged.all_words || '不符，相差 ' || {{ format_yuan('abs(judged.difference_yuan)') }}
            when judged.rule_id = 'narrative_copy' then '与文中' || judged.all_words || '不一致，相差 ' || {{ format_yuan('abs(judged.difference_yuan)') }}
            when judged.rule_id = 'narrative_sign' then '与' || judged.all_words || '的增减方向相反'
            when judged.rule_id = 'narrative_parts' and judged.total_words is null
                then '所列各项' || judged.all_words || '之和为 ' || {{ format_yuan('judged.computed_yuan') }} || '，相差 ' || {{ format_yuan('abs(judged.difference_yuan)') }}
            when judged.rule_id = 'narrative_parts'
                then '与总数' || judged.total_words || '及其余各项不符，相差 ' || {{ format_yuan('abs(judged.difference_yuan)') }}
            else '与' || judged.all_words || '算不平，相差 ' || {{ format_yuan('abs(judged.difference_yuan)') }}
        end as words
    from judged
    left join computed_percents on judged.identity_key = computed_percents.identity_key

),

leads as (

    select
        judged.cause_key,
        judged.document_id,
        judged.blamed_cell_id,
        judged.rule_id,
        judged.difference_yuan,
        judged.computed_yuan,
        computed_percents.percent_words
    from sentences
    inner join judged on sentences.identity_key = judged.identity_key
    left join computed_percents on sentences.identity_key = computed_percents.identity_key
    where sentences.lead_rank = 1

),

-- The same words again, blamed too.
repeated as (

    select
        leads.cause_key,
        {{ string_aggregate(
            "coalesce('第' || cast(figures.page as " ~ dbt.type_string() ~ ") || '页', '第' || cast(figures.line as "
            ~ dbt.type_string() ~ ") || '行', '后文')",
            "'、'", 'figures.figure_number'
        ) }} as words
    from (select distinct cause_key, blamed_cell_id from failures) as blamed
    inner join leads
        on
            blamed.cause_key = leads.cause_key
            and blamed.blamed_cell_id <> leads.blamed_cell_id
    inner join figures on blamed.blamed_cell_id = figures.cell_id
    group by leads.cause_key

),

-- Other figures that could be the wrong one as well.
alternatives as (

    select
        named.cause_key,
        {{ string_aggregate("'“' || figures.printed_text || '”'", "'、'", 'named.place') }} as words
    from {{ ref('int_finding_text_cell') }} as named
    inner join figures on named.cell_id = figures.cell_id
    where named.place > 1
    group by named.cause_key

),

-- Where a table contradicts it, the table says how grave it is.
gathered as (

    select
        cause_key,
        count(*) as identity_count,
        min(case when rule_order = 0 and not is_small then 0 when rule_order = 0 then 1 end) as table_grade,
        min(case when is_small then 1 else 0 end) as grade,
        {{ string_aggregate("case when lead_rank <= 4 and words_rank = 1 then words end", "'；'", 'lead_rank') }} as words
    from sentences
    group by cause_key

)

select
    leads.cause_key,
    leads.document_id,
    leads.rule_id,
    leads.blamed_cell_id,
    case
        when rules.severity = 'error' and coalesce(gathered.table_grade, gathered.grade) = 1 then 'warning'
        else rules.severity
    end as severity,
    rules.message_zh || '：'
    || coalesce(figures.spoken_text, '') || '“' || figures.printed_text || '”'
    || case
        when leads.rule_id = 'narrative_sign' then '，增减方向有误'
        when leads.percent_words is not null then '，按金额计算为 ' || leads.percent_words
        else '，相差 ' || {{ format_yuan('abs(leads.difference_yuan)') }}
    end as title,
    rules.right_zh || '。'
    || '文中' || coalesce('第' || cast(figures.page as {{ dbt.type_string() }}) || '页', '第' || cast(figures.line as {{ dbt.type_string() }}) || '行', '')
    || coalesce('（' || figures.section_title || '）', '')
    || coalesce(figures.spoken_text, '') || '印为“' || figures.printed_text || '”，'
    || gathered.words || case when gathered.identity_count > 4 then ' 等' else '' end || '。'
    || case
        when trials.mended > 0 and trials.change_yuan is not null and not trials.is_percent
            then '若为“' || {{ format_in_unit('(operands.amount_yuan + trials.change_yuan)', 'figures.value_unit') }} || figures.value_unit
                || '”，则 ' || cast(trials.mended as {{ dbt.type_string() }}) || ' 个不成立的等式成立'
                || case
                    when trials.broken > 0 then '，但另有 ' || cast(trials.broken as {{ dbt.type_string() }}) || ' 个现在成立的等式不再成立。'
                    else '。'
                end
        else ''
    end
    || case
        when leads.rule_id in ('narrative_share', 'narrative_growth', 'narrative_completion') and gathered.grade = 1
            then '与印列的比例只差末位，可能是截去尾数而不是四舍五入。'
        else ''
    end
    || case when alternatives.words is not null then '也可能错在' || alternatives.words || '。' else '' end
    || case when repeated.words is not null then '同一数字又见' || repeated.words || '。' else '' end
    || '原句：' || case when length(figures.sentence) > 160 then substr(figures.sentence, 1, 160) || '…' else figures.sentence end || ' '
    || '文字和报表均按印列保留，未作更改。' as explanation,
    cast(leads.difference_yuan as decimal(20, 4)) as difference_yuan,
    cast(gathered.identity_count as integer) as identities,
    figures.page,
    figures.line
from leads
inner join gathered on leads.cause_key = gathered.cause_key
inner join rules on leads.rule_id = rules.rule_id
inner join figures on leads.blamed_cell_id = figures.cell_id
inner join operands on leads.blamed_cell_id = operands.cell_id
left join trials on leads.blamed_cell_id = trials.cell_id
left join alternatives on leads.cause_key = alternatives.cause_key
left join repeated on leads.cause_key = repeated.cause_key
