-- 各单位的支出比上一年增减多少？
-- How does the expenditure of each unit change from year to year?
with

years as (

    select
        unit_id,
        max(unit_name) as unit_name,
        fiscal_year,
        stage,
        sum(expenditure_yuan) as expenditure_yuan
    from marts.fct_spending
    group by unit_id, fiscal_year, stage

)

select
    this_year.unit_name as "单位",
    this_year.fiscal_year as "年度",
    case this_year.stage when 'budget' then '预算' else '决算' end as "阶段",
    cast(this_year.expenditure_yuan * 0.0001 as decimal(20, 2)) as "支出（万元）",
    cast((this_year.expenditure_yuan - last_year.expenditure_yuan) * 0.0001 as decimal(20, 2)) as "比上年增减（万元）",
    cast(
        100 * (this_year.expenditure_yuan - last_year.expenditure_yuan) / nullif(last_year.expenditure_yuan, 0) as decimal(9, 2)
    ) as "增减（%）"
from years as this_year
left join years as last_year
    on
        this_year.unit_id = last_year.unit_id
        and this_year.stage = last_year.stage
        and this_year.fiscal_year = last_year.fiscal_year + 1
order by this_year.expenditure_yuan desc, "单位", "年度"
