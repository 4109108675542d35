-- 文字中的增减方向应一致：增减率的方向与增减额相同；未写增减额的，与本年数减上年数的方向相同。
-- The words of a rate (增长, 下降) say the same direction as those of the change, or
-- without a change as the amounts of both years. The rate's figure stands for the change
-- with its own sign.
with

comparisons as (

    select * from {{ ref('int_narrative_comparison') }} where growth_cell_id is not null

),

figures as (

    select * from {{ ref('int_narrative_operand') }}

),

valued as (

    select
        comparisons.growth_cell_id,
        case when changes.amount_yuan is not null then changes.cell_id else amounts.cell_id end as new_cell_id,
        case when changes.amount_yuan is null then priors.cell_id end as prior_cell_id,
        growths.direction,
        coalesce(changes.amount_yuan, amounts.amount_yuan - priors.amount_yuan) as change_yuan,
        coalesce(changes.half_unit_yuan, amounts.half_unit_yuan + priors.half_unit_yuan) as half_unit_yuan
    from comparisons
    inner join figures as growths on comparisons.growth_cell_id = growths.cell_id
    inner join figures as amounts on comparisons.amount_cell_id = amounts.cell_id
    left join figures as changes on comparisons.change_cell_id = changes.cell_id
    left join figures as priors on comparisons.prior_cell_id = priors.cell_id
    where growths.direction in (1, -1) and growths.percent_value <> 0

),

directed as (

    select * from valued where change_yuan <> 0

),

cells as (

    select
        directed.growth_cell_id as identity_key,
        {{ narrative_cell(
            'figures', 'total', '1', 'directed.direction * abs(directed.change_yuan)', 'directed.half_unit_yuan'
        ) }}
    from directed
    inner join figures on directed.growth_cell_id = figures.cell_id

    union all

    select
        directed.growth_cell_id as identity_key,
        {{ narrative_cell('figures', 'term', '1', 'figures.amount_yuan', 'figures.half_unit_yuan') }}
    from directed
    inner join figures on directed.new_cell_id = figures.cell_id

    union all

    select
        directed.growth_cell_id as identity_key,
        {{ narrative_cell('figures', 'term', '-1', 'figures.amount_yuan', 'figures.half_unit_yuan') }}
    from directed
    inner join figures on directed.prior_cell_id = figures.cell_id

)

{{ rule_columns('narrative_sign', 'cells') }}
