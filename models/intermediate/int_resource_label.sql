-- What the words beside and above the numbers of things mean, in tables of assets and
-- staff and beside 三公: the first pattern of `resource_label` that fits. Where a
-- pattern needs a context (批次 below 公务接待) the words around it decide. One row per
-- distinct label and context.
with

places as (

    select distinct
        label_text,
        context_text
    from {{ ref('int_resource_place') }}
    where label_text is not null

),

patterns as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('resource_label') }}

),

labels as (

    select
        label_text,
        context_text,
        -- 车辆数合计(辆), 一、其中:
        {{ regex_replace(
            regex_replace(
                strip_ordinal('label_text'),
                "'\\([^()]{0,4}[个人辆台套次批米㎡户](?:/[人次])?\\)|[:：]+$|^-+'",
                "''"
            ),
            "'\\(含\\)|\\(不含车辆\\)|[(),、]?原值[()]?'",
            "''"
        ) }} as label
    from places

),

ranked as (

    select
        labels.label_text,
        labels.context_text,
        patterns.kind,
        patterns.item,
        patterns.stock_or_purchase,
        row_number() over (
            partition by labels.label_text, labels.context_text
            order by patterns.priority
        ) as pattern_rank
    from labels
    inner join patterns
        on
            {{ fits_pattern('labels.label', 'patterns.pattern', 'patterns.words', whole=true) }}
            and (
                patterns.context is null
                or {{ regex_matches('labels.context_text', 'patterns.context') }}
            )

)

select
    label_text,
    context_text,
    kind,
    item,
    stock_or_purchase
from ranked
where pattern_rank = 1
