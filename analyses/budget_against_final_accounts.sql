-- 同一单位同一年度，预算与决算相差多少？
-- How far are the final accounts of a unit from its budget of the same year?
with

years as (

    select
        unit_id,
        max(unit_name) as unit_name,
        fiscal_year,
        sum(expenditure_yuan) filter (where stage = 'budget') as budget_yuan,
        sum(expenditure_yuan) filter (where stage = 'final_accounts') as final_yuan
    from marts.fct_spending
    group by unit_id, fiscal_year

)

select
    unit_name as "单位",
    fiscal_year as "年度",
    cast(budget_yuan * 0.0001 as decimal(20, 2)) as "预算（万元）",
    cast(final_yuan * 0.0001 as decimal(20, 2)) as "决算（万元）",
    cast((final_yuan - budget_yuan) * 0.0001 as decimal(20, 2)) as "决算减预算（万元）",
    cast(100 * final_yuan / nullif(budget_yuan, 0) as decimal(9, 2)) as "完成预算（%）"
from years
where budget_yuan is not null and final_yuan is not null
order by abs(final_yuan - budget_yuan) desc
