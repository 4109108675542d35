-- Numbers of things that running text states: vehicles and equipment that a unit has or
-- plans to buy, premises, posts, institutions; visits and groups beside 三公. The words
-- before a figure tell 购置 from 共有: its own, those of the figure that it is a part of,
-- then its sentence up to there. One row per figure.
{%- set purchase = "'购置|新购|新增|更新|拟购|采购'" %}
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

counted as (

    select
        figures.*,
        coalesce(items.item, counts.item) as item,
        counts.stock_or_purchase as counted_as
    from figures
    left join items
        on
            figures.subject_kind = 'resource'
            and figures.subject_code = items.item
    left join counts
        on
            figures.subject_kind = 'three_public'
            and figures.subject_code = counts.three_public_item
            and figures.value_unit = counts.value_unit
    where
        figures.meaning = 'count'
        and figures.is_placed
        and figures.figure_value is not null

),

-- A limit of value (单位价值50万元以上) stands before the number of what exceeds it.
thresholds as (

    select
        counted.cell_id,
        limits.amount_yuan as threshold_yuan,
        row_number() over (partition by counted.cell_id order by limits.figure_number desc) as threshold_rank
    from counted
    inner join figures as limits
        on
            counted.sentence_id = limits.sentence_id
            and limits.meaning = 'threshold'
            and limits.subject_kind = 'resource'
            and limits.subject_code = counted.item
            and limits.figure_number < counted.figure_number
    where counted.item is not null

),

-- The sentence up to the words of the figure, or of what it is a part of.
worded as (

    select
        counted.*,
        wholes.subject_text as whole_text,
        case
            when strpos(counted.sentence, counted.subject_text) > 0
                then substr(counted.sentence, 1, strpos(counted.sentence, counted.subject_text) + length(counted.subject_text) - 1)
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
    worded.value_unit as quantity_unit,
    worded.as_of,
    thresholds.threshold_yuan,
    worded.whole_cell_id,
    worded.list_key,
    worded.is_list_open
from worded
inner join items on worded.item = items.item
left join thresholds
    on
        worded.cell_id = thresholds.cell_id
        and thresholds.threshold_rank = 1
