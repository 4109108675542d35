-- What the words of performance forms mean: field names, kinds of money, headings
-- of columns, levels of indicators. One row per distinct label and kind.
with

cells as (

    select cells.folded_text
    from {{ ref('stg_cell') }} as cells
    inner join {{ ref('int_table_title') }} as titles
        on cells.source_table_id = titles.source_table_id
    where
        titles.statement in ('performance_unit', 'performance_project')
        and length(cells.folded_text) between 1 and 30

),

patterns as (

    select
        *,
        {{ split_rows(words_of_pattern('pattern'), "'|'") }} as words
    from {{ ref('target_label') }}

),

labels as (

    select distinct
        folded_text,
        {{ target_label_text('folded_text') }} as label
    from cells

),

matches as (

    select
        labels.folded_text,
        patterns.kind,
        patterns.value,
        patterns.level_1,
        patterns.payer,
        patterns.fund,
        patterns.measure,
        patterns.year_basis,
        patterns.horizon,
        row_number() over (
            partition by labels.folded_text, patterns.kind
            order by patterns.priority
        ) as pattern_rank
    from labels
    inner join patterns
        on {{ fits_pattern('labels.label', 'patterns.pattern', 'patterns.words', whole=true) }}

)

select
    folded_text,
    kind,
    value,
    level_1,
    payer,
    fund,
    measure,
    year_basis,
    horizon
from matches
where pattern_rank = 1
