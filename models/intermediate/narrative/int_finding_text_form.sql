-- Findings of running text that form no identity in 元: a rate of growth without its %,
-- and counts (人, 辆, 平方米) that are not the sum of their parts. In the columns of a
-- form finding, one row per finding and figure it names.
with

figures as (

    select * from {{ ref('int_narrative_figure') }}

),

operands as (

    select * from {{ ref('int_narrative_operand') }}

),

-- 增长13.95。 the number is the rate that the amounts beside it make.
bare_rates as (

    select
        figures.document_id,
        figures.cell_id,
        figures.printed_text,
        figures.subject_text,
        changes.amount_yuan as change_yuan,
        amounts.amount_yuan - changes.amount_yuan as base_yuan,
        changes.half_unit_yuan + amounts.half_unit_yuan as half_unit_yuan,
        abs(figures.figure_value) as rate_value,
        figures.half_unit_value,
        row_number() over (
            partition by figures.cell_id
            order by abs(figures.figure_number - changes.figure_number), changes.figure_number
        ) as change_rank
    from figures
    inner join operands as changes
        on
            figures.document_id = changes.document_id
            and figures.sentence_id = changes.sentence_id
            and changes.figure_number between figures.figure_number - 2 and figures.figure_number - 1
    inner join operands as amounts on changes.owner_cell_id = amounts.cell_id
    where
        figures.meaning = 'growth'
        and figures.value_unit is null
        and figures.bound is null
        and changes.meaning = 'change'
        and changes.amount_yuan <> 0
        and amounts.amount_yuan <> changes.amount_yuan

),

missing_units as (

    select
        document_id,
        'narrative_missing_unit' as rule_id,
        cell_id as finding_key,
        cell_id,
        coalesce(subject_text, '') || '“' || printed_text || '”' as subject,
        '“' || printed_text || '”没有单位，按增减额除以上年数计算，应为“' || printed_text || '%”' as detail
    from bare_rates
    where
        change_rank = 1
        and abs({{ percent_of('rate_value', 'abs(base_yuan)') }} - abs(change_yuan))
        <= 2 * {{ percent_half_unit('half_unit_value', 'base_yuan') }} + 2 * half_unit_yuan

),

-- A count and the counts that stand under it, in one unit.
counts as (

    select
        cell_id,
        document_id,
        figure_number,
        subject_kind,
        subject_code,
        coalesce(nullif(subject_text, ''), subject_code, '') as subject_text,
        printed_text,
        value_unit,
        whole_cell_id,
        coalesce(list_key, '') as list_key,
        coalesce(is_list_open, false) as is_list_open,
        bound,
        cast(figure_value as decimal(20, 4)) as figure_value
    from figures
    where meaning = 'count' and figure_value is not null

),

lists as (

    select
        wholes.cell_id || '/' || parts.list_key as list_id,
        min(wholes.cell_id) as whole_cell_id,
        min(wholes.document_id) as document_id,
        min(wholes.figure_value) as whole_value,
        sum(parts.figure_value) as parts_value,
        count(*) as size,
        count(distinct parts.subject_text) as name_count,
        count(distinct parts.value_unit) as unit_count,
        min(parts.value_unit) as value_unit,
        min(wholes.value_unit) as whole_unit,
        max(case when wholes.bound is not null or parts.bound is not null then 1 else 0 end) = 1 as is_vague,
        max(case when parts.is_list_open then 1 else 0 end) = 1 as is_open,
        -- 其他用车: what is not listed is in the last one
        max(case when {{ regex_matches('parts.subject_text', "'其他|其它'") }} then 1 else 0 end) = 1 as has_rest
    from counts as parts
    inner join counts as wholes on parts.whole_cell_id = wholes.cell_id
    group by wholes.cell_id, parts.list_key

),

usable as (

    select
        *,
        whole_value - parts_value as difference_value
    from lists
    where
        size = name_count
        and unit_count = 1
        and value_unit = whole_unit

),

list_figures as (

    select
        list_id,
        whole_cell_id as cell_id,
        1 as coefficient
    from usable
    union all
    select
        usable.list_id,
        counts.cell_id,
        -1 as coefficient
    from usable
    inner join counts
        on
            usable.whole_cell_id = counts.whole_cell_id
            and usable.list_id = counts.whole_cell_id || '/' || counts.list_key

),

-- What each figure would have to be for a list to add up.
wishes as (

    select
        usable.list_id,
        counts.cell_id,
        usable.difference_value,
        counts.figure_value - list_figures.coefficient * usable.difference_value as wished_value
    from usable
    inner join list_figures on usable.list_id = list_figures.list_id
    inner join counts on list_figures.cell_id = counts.cell_id

),

-- Two lists that do not add up and ask the same of one figure.
crossed as (

    select
        cell_id,
        wished_value
    from wishes
    where difference_value <> 0 and wished_value >= 0
    group by cell_id, wished_value
    having count(distinct list_id) > 1

),

crossed_lists as (

    select distinct
        wishes.list_id,
        crossed.cell_id,
        crossed.wished_value
    from wishes
    inner join crossed
        on
            wishes.cell_id = crossed.cell_id
            and wishes.wished_value = crossed.wished_value
    where wishes.difference_value <> 0

),

-- Alone a list of exact counts says so when its parts are more than the whole, or when it is closed and
-- has a part for all the rest.
failing as (

    select
        usable.list_id,
        usable.document_id,
        usable.whole_cell_id,
        usable.parts_value,
        coalesce(crossed_lists.cell_id, usable.whole_cell_id) as blamed_cell_id,
        crossed_lists.wished_value,
        coalesce(crossed_lists.cell_id, usable.list_id) as cause
    from usable
    left join crossed_lists on usable.list_id = crossed_lists.list_id
    where
        usable.difference_value <> 0
        and (
            crossed_lists.list_id is not null
            or (
                (usable.difference_value < 0 or (usable.has_rest and not usable.is_open))
                and not usable.is_vague
                -- 本部及下属5家 counts one more than it says
                and usable.value_unit not in ('家', '个')
            )
        )

),

sums as (

    select
        failing.cause,
        min(failing.document_id) as document_id,
        min(failing.blamed_cell_id) as blamed_cell_id,
        max(failing.wished_value) as wished_value,
        {{ string_aggregate(
            "wholes.subject_text || '“' || wholes.printed_text || '”，各项之和为 ' || "
            ~ regex_replace("cast(failing.parts_value as " ~ dbt.type_string() ~ ")", "'\\.?0+$'", "''"),
            "'；'", 'wholes.figure_number'
        ) }} as words
    from failing
    inner join counts as wholes on failing.whole_cell_id = wholes.cell_id
    group by failing.cause

),

unequal_counts as (

    select
        sums.document_id,
        'narrative_count_parts' as rule_id,
        sums.blamed_cell_id as finding_key,
        sums.blamed_cell_id as cell_id,
        blamed.subject_text || '“' || blamed.printed_text || '”' as subject,
        sums.words
        || case
            when sums.wished_value is not null
                then '；若' || blamed.subject_text || '为 '
                    || {{ regex_replace("cast(sums.wished_value as " ~ dbt.type_string() ~ ")", "'\\.?0+$'", "''") }}
                    || blamed.value_unit || '，则均相符'
            else ''
        end as detail
    from sums
    inner join counts as blamed on sums.blamed_cell_id = blamed.cell_id

)

select
    document_id,
    cast(null as {{ dbt.type_string() }}) as source_table_id,
    rule_id,
    finding_key,
    cell_id,
    subject,
    detail
from missing_units

union

select
    document_id,
    cast(null as {{ dbt.type_string() }}) as source_table_id,
    rule_id,
    finding_key,
    cell_id,
    subject,
    detail
from unequal_counts
