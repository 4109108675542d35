-- 各单位的钱怎样花（部门预算支出经济分类，类级）？
-- How does each unit spend its money, by department economic class?
select
    spending.unit_name as "单位",
    spending.fiscal_year as "年度",
    case spending.scope when 'basic' then '仅基本支出' when 'project' then '仅项目支出' else '全部支出' end as "口径",
    codes.economic_code as "类",
    codes.name as "名称",
    cast(sum(spending.expenditure_yuan) * 0.0001 as decimal(20, 2)) as "支出（万元）"
from marts.fct_spending_economic as spending
inner join marts.dim_economic_code as codes
    on
        codes.classification = 'department'
        and codes.economic_code = substr(spending.economic_code, 1, 3)
where spending.classification = 'department'
group by spending.unit_id, spending.unit_name, spending.fiscal_year, spending.stage, spending.scope, codes.economic_code, codes.name
order by "单位", "年度", "支出（万元）" desc
