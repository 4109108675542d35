-- Findings of formulas and totals in the text that do not come out, and of quantities
-- times standards that are not the amount: one finding a formula or standard.
-- A result that is off by one last place is a warning: cut off, or rounded before it was
-- added. One row per cause.
with

formulas as (

    select * from {{ ref('fct_formula') }} where verdict = 'discrepancy'

),

spans as (

    select
        formula_id,
        page,
        line,
        result_cell_id,
        is_last_place
    from {{ ref('int_formula') }}

),

rules as (

    select * from {{ ref('rule') }}

),

judged as (

    select
        formulas.*,
        spans.page,
        spans.line,
        spans.is_last_place,
        case formulas.formula_kind when 'expression' then 'text_formula' else 'text_total' end as rule_id,
        coalesce(substr(formulas.result_unit, 1, 12), '') as unit_words,
        coalesce(units.factor, 1) as unit_factor
    from formulas
    inner join spans on formulas.formula_id = spans.formula_id
    left join {{ ref('amount_unit') }} as units on formulas.result_unit = units.amount_unit

),

-- The cell of a standard, in a table or in running text.
cells as (

    select
        cell_id,
        page,
        line,
        printed_text
    from {{ ref('stg_cell') }}
    union all
    select
        cell_id,
        page,
        line,
        printed_text
    from {{ ref('int_policy_cell') }}

),

standards as (

    select
        identities.*,
        cells.cell_id,
        cells.page,
        cells.line,
        cells.printed_text
    from {{ ref('int_narrative_identity') }} as identities
    inner join cells on identities.identity_key = 'standard_amount:' || cells.cell_id
    where identities.rule_id = 'standard_amount' and identities.verdict = 'discrepancy'

),

worded as (

    select
        *,
        case
            when unit_factor > 1 then {{ format_in_unit('computed_value', 'result_unit') }}
            else {{ regex_replace(
                "cast(computed_value as " ~ dbt.type_string() ~ ")", "'\\.?0+$'", "''"
            ) }}
        end || unit_words as computed_words,
        case when length(expression) > 120 then substr(expression, 1, 120) || '…' else expression end
            as expression_words
    from judged

)

select
    'narrative:' || worded.rule_id || ':' || worded.formula_id as cause_key,
    worded.document_id,
    worded.rule_id,
    worded.cell_id,
    case when rules.severity = 'error' and worded.is_last_place then 'warning' else rules.severity end as severity,
    rules.message_zh || '：“' || case when length(worded.expression) > 60 then substr(worded.expression, 1, 60) || '…' else worded.expression end
    || '”，按所列数字计算为 ' || worded.computed_words as title,
    rules.right_zh || '。文中' || coalesce(
        '第' || cast(worded.page as {{ dbt.type_string() }}) || '页',
        '第' || cast(worded.line as {{ dbt.type_string() }}) || '行',
        ''
    ) || '“' || worded.expression_words || '”，计算为 ' || worded.computed_words
    || case
        when worded.is_last_place then '，只差末位，可能是截去尾数或先舍入再相加。'
        else '。'
    end as explanation,
    case when worded.identity_id is not null then worded.difference_value end as difference_yuan,
    case when worded.identity_id is not null then 1 else 0 end as identities,
    worded.page,
    worded.line
from worded
inner join rules on worded.rule_id = rules.rule_id

union all

select
    'narrative:' || standards.identity_key as cause_key,
    standards.document_id,
    standards.rule_id,
    standards.cell_id,
    rules.severity,
    rules.message_zh || '：计算为 ' || {{ format_yuan('standards.computed_yuan') }} || '，印列为 '
    || {{ format_yuan('standards.printed_yuan') }} as title,
    rules.right_zh || '。标准印为“' || substr({{ trimmed('standards.printed_text') }}, 1, 60) || '”，计算得 '
    || {{ format_yuan('standards.computed_yuan') }} || '，印列 ' || {{ format_yuan('standards.printed_yuan') }}
    || '，相差 ' || {{ format_yuan('abs(standards.difference_yuan)') }} || '。所列人数或标准可能不是该项目的全部。' as explanation,
    standards.difference_yuan,
    1 as identities,
    standards.page,
    standards.line
from standards
inner join rules on standards.rule_id = rules.rule_id
