-- 文字中的增减率等于增减额除以上年数；未写增减额的，等于本年数与上年数之差除以上年数（上年数为零时不比较）。
-- A rate of growth in the text is the change over last year's amount, which is this
-- year's less the change; without a change, this year's over last year's less one. The
-- size alone is compared, the directions are narrative_sign's. Last year's amount of
-- nothing has no rate.
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
        comparisons.amount_cell_id,
        case when changes.amount_yuan is not null then changes.cell_id end as change_cell_id,
        case when changes.amount_yuan is null then comparisons.prior_cell_id end as prior_cell_id,
        abs(growths.percent_value) as percent_value,
        growths.percent_half,
        coalesce(amounts.amount_yuan - changes.amount_yuan, priors.amount_yuan) as base_yuan,
        case when coalesce(changes.amount_yuan, amounts.amount_yuan - priors.amount_yuan) < 0 then -1 else 1 end
            as change_sign
    from comparisons
    inner join figures as growths on comparisons.growth_cell_id = growths.cell_id
    inner join figures as amounts on comparisons.amount_cell_id = amounts.cell_id
    left join figures as changes on comparisons.change_cell_id = changes.cell_id
    left join figures as priors on comparisons.prior_cell_id = priors.cell_id
    where growths.percent_value is not null and amounts.amount_yuan is not null

),

bases as (

    select
        *,
        {{ percent_of('percent_value', 'abs(base_yuan)') }} as percent_yuan
    from valued
    where base_yuan <> 0

),

cells as (

    select
        bases.growth_cell_id as identity_key,
        {{ narrative_cell(
            'figures', 'total', '1', 'bases.percent_yuan', percent_half_unit('bases.percent_half', 'bases.base_yuan')
        ) }}
    from bases
    inner join figures on bases.growth_cell_id = figures.cell_id
    where bases.percent_yuan is not null

    union all

    select
        bases.growth_cell_id as identity_key,
        {{ narrative_cell(
            'figures', 'term', 'case when bases.change_cell_id is null then bases.change_sign else 0 end',
            'figures.amount_yuan',
            "case when bases.change_cell_id is null then figures.half_unit_yuan else "
            ~ base_half_unit('bases.percent_value', 'figures.half_unit_yuan') ~ " end"
        ) }}
    from bases
    inner join figures on bases.amount_cell_id = figures.cell_id
    where bases.percent_yuan is not null

    union all

    select
        bases.growth_cell_id as identity_key,
        {{ narrative_cell(
            'figures', 'term', 'case when bases.change_cell_id is null then -bases.change_sign else bases.change_sign end',
            'figures.amount_yuan',
            'figures.half_unit_yuan + ' ~ base_half_unit('bases.percent_value', 'figures.half_unit_yuan')
        ) }}
    from bases
    inner join figures on coalesce(bases.change_cell_id, bases.prior_cell_id) = figures.cell_id
    where bases.percent_yuan is not null

)

{{ rule_columns('narrative_growth', 'cells') }}
