-- Each formula recomputed: what is printed as the result and what its operands give. Every
-- rounded number stands for an interval of half a unit of its last place; counts and
-- standards are exact. One row per formula.
with

formulas as (

    select * from {{ ref('stg_formula') }}

),

products as (

    select * from {{ ref('int_formula_product') }}

),

summed as (

    select
        formula_id,
        max(case when is_money then 1 else 0 end) = 1 as is_money,
        max(result_unit) as result_unit,
        max(case when side = 'result' then cell_id end) as result_cell_id,
        max(case when side = 'result' then product_value end) as printed_value,
        sum(case when side = 'operand' then sign * product_value end) as computed_value,
        count(case when product_value is null then 1 end) as unread_count,
        count(case when side = 'operand' then 1 end) as product_count,
        sum(half_unit_value) as half_unit_sum,
        max(case when side = 'result' then half_unit_value end) as result_half_unit
    from products
    group by formula_id

)

select
    formulas.*,
    summed.is_money,
    summed.result_unit,
    summed.result_cell_id,
    cast(summed.printed_value as decimal(20, 4)) as printed_value,
    try_cast(summed.computed_value as decimal(20, 4)) as computed_value,
    try_cast(summed.printed_value - summed.computed_value as decimal(20, 4)) as difference_value,
    cast(summed.half_unit_sum as decimal(20, 8)) as bound_value,
    summed.product_count,
    case
        when summed.unread_count > 0 or try_cast(summed.computed_value as decimal(20, 4)) is null then 'unchecked'
        when summed.printed_value = summed.computed_value then 'exact'
        when abs(summed.printed_value - summed.computed_value) <= summed.half_unit_sum then 'rounding'
        else 'discrepancy'
    end as verdict,
    -- one last place: cut off, or rounded before it was added
    abs(summed.printed_value - summed.computed_value)
    <= summed.half_unit_sum + 2 * summed.result_half_unit as is_last_place
from formulas
inner join summed on formulas.formula_id = summed.formula_id
