-- What each column of a table means: the one reading of its header, or the best
-- of several. Where the best readings disagree on a column it stays `ambiguous`.
with

readings as (

    select * from {{ ref('stg_column_reading') }}

),

scores as (

    select * from {{ ref('int_reading_score') }}

),

scored as (

    select
        readings.*,
        coalesce(scores.score, 0) as score,
        max(coalesce(scores.score, 0)) over (
            partition by readings.source_table_id
        ) as best_score
    from readings
    left join scores
        on
            readings.source_table_id = scores.source_table_id
            and readings.reading_number = scores.reading_number

),

best as (

    select
        *,
        count(*) over (
            partition by source_table_id, column_number
        ) as best_reading_count,
        dense_rank() over (
            partition by source_table_id, column_number
            order by
                coalesce(column_role, ''), coalesce(side, ''), coalesce(measure, ''),
                coalesce(fund, ''), coalesce(year_basis, ''), coalesce(phase, ''),
                coalesce(item, ''), coalesce(classification, ''), pane_number
        ) as meaning_rank,
        row_number() over (
            partition by source_table_id, column_number order by reading_number
        ) as reading_rank
    from scored
    where score = best_score

),

agreed as (

    select
        *,
        max(meaning_rank) over (
            partition by source_table_id, column_number
        ) as meaning_count
    from best

)

select
    source_table_id,
    column_number,
    reading_number,
    pane_number,
    case when meaning_count > 1 then 'ambiguous' else column_role end as column_role,
    side,
    measure,
    fund,
    year_basis,
    phase,
    item,
    classification,
    is_total,
    label_year,
    label_path,
    best_reading_count,
    score
from agreed
where reading_rank = 1
