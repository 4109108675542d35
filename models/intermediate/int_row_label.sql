-- What a printed row label means where it is no code: the first pattern of
-- `row_label` that fits. A table of 三公 that lists its items side by side may print a
-- phase, a year or a change in each row (年初预算, 2024年预算数, 增减率). One row per
-- distinct label and side.
with

row_codes as (

    select * from {{ ref('int_row_code') }}

),

patterns as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('row_label') }}

),

labels as (

    select distinct {{ strip_ordinal('label_text') }} as label
    from row_codes
    where label_text is not null

),

sides as (

    select distinct side
    from patterns
    where side <> 'any'

),

-- 2024年度预算数（万元）: the year, and the words that are left without it.
dated_labels as (

    select
        label,
        cast({{ regex_extract('label', "'^(20[0-9][0-9])年'", 1) }} as integer) as label_year,
        {{ regex_replace('label', "'^20[0-9][0-9]年度?|\\([^()]{0,8}元\\)$'", "''") }} as undated_label
    from labels

),

matches as (

    select
        labels.label,
        sides.side,
        patterns.kind,
        patterns.value,
        patterns.row_role,
        patterns.year_basis,
        patterns.fund,
        cast(null as integer) as label_year,
        patterns.priority
    from labels
    cross join sides
    inner join patterns
        on
            patterns.side in ('any', sides.side)
            and patterns.kind <> 'phase'
            and {{ fits_pattern('labels.label', 'patterns.pattern', 'patterns.words', whole=true) }}

    union all

    select
        dated_labels.label,
        patterns.side,
        patterns.kind,
        patterns.value,
        patterns.row_role,
        patterns.year_basis,
        patterns.fund,
        dated_labels.label_year,
        patterns.priority
    from dated_labels
    inner join patterns
        on
            patterns.kind = 'phase'
            and {{ fits_pattern('dated_labels.undated_label', 'patterns.pattern', 'patterns.words', whole=true) }}

    union all

    select
        label,
        'item' as side,
        'phase' as kind,
        null as value,
        'code' as row_role,
        null as year_basis,
        null as fund,
        label_year,
        1000 as priority
    from dated_labels
    where label_year is not null and undated_label = ''

),

ranked as (

    select
        *,
        row_number() over (
            partition by label, side
            order by priority, value
        ) as pattern_rank
    from matches

)

select
    label,
    side,
    kind,
    value,
    row_role,
    year_basis,
    fund,
    label_year
from ranked
where pattern_rank = 1
