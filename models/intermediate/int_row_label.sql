-- What a printed row label means where it is no code: the first pattern of
-- `row_label` that fits. One row per distinct label and side.
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

matches as (

    select
        labels.label,
        sides.side,
        patterns.kind,
        patterns.value,
        patterns.row_role,
        patterns.year_basis,
        patterns.fund,
        row_number() over (
            partition by labels.label, sides.side
            order by patterns.priority
        ) as pattern_rank
    from labels
    cross join sides
    inner join patterns
        on
            patterns.side in ('any', sides.side)
            and {{ fits_pattern('labels.label', 'patterns.pattern', 'patterns.words', whole=true) }}

)

select
    label,
    side,
    kind,
    value,
    row_role,
    year_basis,
    fund
from matches
where pattern_rank = 1
