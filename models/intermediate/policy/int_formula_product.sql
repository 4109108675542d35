-- The products that formulas add up, with half a unit of each: what the last places of
-- its factors leave open. The result, times what it was divided by, is one of them
-- (product_number NULL). Where only one side prints money, the other is read in 元 or in
-- the unit of the money, whichever comes nearer. One row per formula and product.
with

formulas as (

    select * from {{ ref('stg_formula') }}

),

terms as (

    select
        *,
        case when term_role = 'operand' then term_role else 'result' end as side,
        case when term_role = 'divisor' then factor_number + 1 else factor_number end as place,
        case when is_exact and term_role <> 'result' then 0 else half_unit_value end as half_value
    from {{ ref('stg_formula_term') }}

),

gathered as (

    select
        formula_id,
        side,
        product_number,
        min(sign) as sign,
        min(case when place = 0 then cell_id end) as cell_id,
        max(case when place = 0 and term_role = 'result' then value_unit end) as result_unit,
        max(case when is_money then 1 else 0 end) as has_money,
        max(case when is_money then unit_factor else 1 end) as money_factor,
        {{ policy_factors('term_value') }},
        {{ policy_factors('half_value') }}
    from terms
    group by formula_id, side, product_number

),

multiplied as (

    select
        formula_id,
        side,
        product_number,
        sign,
        cell_id,
        result_unit,
        has_money,
        money_factor,
        {{ product_of('term_value_0', 'term_value_1', 'term_value_2', 'term_value_3') }} as product_value,
        cast({{ half_unit_of_product() }} as decimal(26, 8)) as half_unit_value
    from gathered

),

sides as (

    select
        formula_id,
        sum(case when side = 'operand' then sign * product_value end) as operand_value,
        sum(case when side = 'result' then product_value end) as result_value,
        max(money_factor) as money_factor,
        max(case when side = 'result' and has_money = 1 then 1 else 0 end) = 1 as has_money_result
    from multiplied
    group by formula_id

),

-- 16×150.00=0.24万元 counts in 元, 12×0.5=6万元 in 万元.
scales as (

    select
        sides.formula_id,
        case
            when not formulas.is_unit_open or sides.money_factor = 1 then 1
            when
                sides.has_money_result
                and abs(cast(sides.money_factor * cast(sides.operand_value as decimal(26, 4)) as decimal(36, 4)) - sides.result_value)
                < abs(sides.operand_value - sides.result_value)
                then sides.money_factor
            else 1
        end as operand_scale,
        case
            when not formulas.is_unit_open or sides.money_factor = 1 then 1
            when
                not sides.has_money_result
                and abs(sides.operand_value - cast(sides.money_factor * cast(sides.result_value as decimal(26, 4)) as decimal(36, 4)))
                < abs(sides.operand_value - sides.result_value)
                then sides.money_factor
            else 1
        end as result_scale
    from sides
    inner join formulas on sides.formula_id = formulas.formula_id

),

scaled as (

    select
        multiplied.*,
        case when multiplied.side = 'operand' then scales.operand_scale else scales.result_scale end as scale
    from multiplied
    inner join scales on multiplied.formula_id = scales.formula_id

)

select
    formulas.document_id,
    scaled.formula_id,
    formulas.formula_kind,
    scaled.side,
    scaled.product_number,
    scaled.sign,
    scaled.cell_id,
    scaled.result_unit,
    max(scaled.has_money) over (partition by scaled.formula_id) = 1 as is_money,
    try_cast(scaled.scale * scaled.product_value as decimal(20, 4)) as product_value,
    try_cast(scaled.scale * scaled.half_unit_value as decimal(20, 8)) as half_unit_value
from scaled
inner join formulas on scaled.formula_id = formulas.formula_id
