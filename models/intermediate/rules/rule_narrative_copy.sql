-- 文字中同一含义的数字前后应当一致（同一事项、口径、资金、年度和比较对象）。
-- A figure of one meaning that the text says twice is the same: one subject, fund, year
-- and phase, and for changes the same year compared with. Each is held against the first.
-- A part that is called like its whole (接待费，含外宾接待) is no copy, and neither is what a
-- contract or a kind of enterprise makes of a purchase. Two figures that differ and that the
-- tables print both mean different things: this year's money and all of it. So do 总计 and 合计:
-- what is carried over is in the one alone.
with

figures as (

    select
        *,
        subject_key || '/' || meaning || '/' || cast(figure_year as {{ dbt.type_string() }}) || '/' || phase
        || '/' || coalesce(cast(comparison_year as {{ dbt.type_string() }}), '')
        || '/' || coalesce(compared_phase, '')
        || '/' || case when subject_kind = 'total' and year_basis = 'all' then 'all' else '' end as meaning_key
    from {{ ref('int_narrative_operand') }}
    where
        amount_yuan is not null
        and meaning in ('amount', 'change')
        and (
            subject_kind in ('total', 'code', 'three_public', 'agency_operation')
            or (subject_kind = 'procurement' and subject_code in ('total', 'goods', 'works', 'services'))
        )

),

-- 持平 says the change of the amount beside it, of whatever precision.
ranked as (

    select
        figures.*,
        first_value(figures.cell_id) over (partition by figures.meaning_key order by figures.figure_number)
            as first_cell_id
    from figures
    left join figures as wholes on figures.whole_cell_id = wholes.cell_id
    where
        not (figures.meaning = 'change' and figures.direction = 0)
        and coalesce(wholes.subject_key, '') <> figures.subject_key

),

printed as (

    select distinct cell_id from {{ ref('int_narrative_match') }} where is_equal

),

copies as (

    select ranked.*
    from ranked
    inner join figures on ranked.first_cell_id = figures.cell_id
    left join printed on ranked.cell_id = printed.cell_id
    left join printed as first_printed on ranked.first_cell_id = first_printed.cell_id
    where
        ranked.cell_id <> ranked.first_cell_id
        and (
            ranked.amount_yuan = figures.amount_yuan
            or printed.cell_id is null
            or first_printed.cell_id is null
        )

),

cells as (

    select
        copies.cell_id as identity_key,
        {{ narrative_cell('copies', 'total', '1', 'copies.amount_yuan', 'copies.half_unit_yuan') }}
    from copies

    union all

    select
        copies.cell_id as identity_key,
        {{ narrative_cell('figures', 'term', '1', 'figures.amount_yuan', 'figures.half_unit_yuan') }}
    from copies
    inner join figures on copies.first_cell_id = figures.cell_id

)

{{ rule_columns('narrative_copy', 'cells') }}
