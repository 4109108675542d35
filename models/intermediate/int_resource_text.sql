-- Numbers of things that running text states: vehicles and equipment that a unit has or
-- plans to buy, premises, posts, institutions; visits and groups beside 三公. The words
-- before a figure tell 购置 from 共有: its own, those of the figure that it is a part of,
-- then its sentence up to there. One row per figure.
{%- set purchase = "'购置|新购|新增|更新|拟购|采购'" %}
{%- set until = "'截至(20[0-9]{2})年([0-9]{1,2})月([0-9]{1,2})日'" %}
{%- set stock = "'共有|保有|实有|现有|占有|在用|使用|编制|截至'" %}
with

figures as (

    select * from {{ ref('int_narrative_figure') }}

),

items as (

    select * from {{ ref('resource_item') }}

),

counts as (

    select * from {{ ref('resource_count') }}

),

-- A limit of value (单位价值50万元以上) stands before the number of what exceeds it.
limits as (

    select
        figures.cell_id,
        thresholds.subject_code as item,
        thresholds.amount_yuan as threshold_yuan,
        row_number() over (partition by figures.cell_id order by thresholds.figure_number desc) as limit_rank
    from figures
    inner join figures as thresholds
        on
            figures.sentence_id = thresholds.sentence_id
            and thresholds.meaning = 'threshold'
            and thresholds.subject_kind = 'resource'
            and thresholds.figure_number < figures.figure_number
    inner join items
        on
            thresholds.subject_code = items.item
            and figures.value_unit = items.quantity_unit
    where figures.meaning = 'count'

),

counted as (

    select
        figures.*,
        coalesce(counts.item, limits.item, items.item) as item,
        counts.stock_or_purchase as counted_as,
        limits.threshold_yuan
    from figures
    left join items
        on
            figures.subject_kind = 'resource'
            and figures.subject_code = items.item
            and (
                figures.value_unit = items.quantity_unit
                or (items.kind = 'organisation' and figures.value_unit in ('家', '个', '户'))
                or (items.quantity_unit = '辆' and figures.value_unit = '部')
            )
    left join limits
        on
            figures.cell_id = limits.cell_id
            and limits.limit_rank = 1
    left join counts
        on
            figures.subject_kind = counts.subject_kind
            and coalesce(figures.subject_code, '') = coalesce(counts.subject_code, '')
            and figures.value_unit = counts.value_unit
    where
        figures.meaning = 'count'
        and figures.is_placed
        and figures.figure_value is not null

),

-- The sentence up to the words of the figure, or of what it is a part of.
worded as (

    select
        counted.*,
        wholes.subject_text as whole_text,
        case
            when {{ dbt.position('counted.subject_text', 'counted.sentence') }} > 0
                then substr(counted.sentence, 1, {{ dbt.position('counted.subject_text', 'counted.sentence') }} + length(counted.subject_text) - 1)
            else counted.sentence
        end as words_before
    from counted
    left join figures as wholes on counted.whole_cell_id = wholes.cell_id
    where counted.item is not null

)

select
    worded.document_id,
    worded.cell_id,
    worded.figure_number,
    worded.unit_name,
    worded.unit_code,
    worded.stage,
    worded.fiscal_year,
    worded.phase,
    worded.item,
    case
        when items.kind <> 'asset' then null
        when worded.counted_as is not null then worded.counted_as
        when {{ regex_matches('worded.subject_text', purchase) }} then 'purchase'
        when {{ regex_matches('worded.subject_text', stock) }} then 'stock'
        when {{ regex_matches('worded.whole_text', purchase) }} then 'purchase'
        when {{ regex_matches('worded.whole_text', stock) }} then 'stock'
        -- the last of these words before the figure
        when {{ regex_matches('worded.words_before', "'(购置|新购|新增|更新|拟购|采购)'") }}
            and not {{ regex_matches('worded.words_before', "'(购置|新购|新增|更新|拟购|采购).*(共有|保有|实有|现有|占有)'") }}
            then 'purchase'
        else 'stock'
    end as stock_or_purchase,
    worded.figure_value as quantity,
    case when items.kind in ('asset', 'quota') then items.quantity_unit else worded.value_unit end as quantity_unit,
    coalesce(
        cast(worded.as_of as {{ dbt.type_string() }}),
        case
            when {{ regex_matches('worded.words_before', until) }}
                then {{ iso_date(
                    regex_extract('worded.words_before', until, 1),
                    regex_extract('worded.words_before', until, 2),
                    regex_extract('worded.words_before', until, 3)
                ) }}
        end
    ) as as_of,
    worded.threshold_yuan,
    worded.whole_cell_id,
    worded.list_key,
    worded.is_list_open
from worded
inner join items on worded.item = items.item
