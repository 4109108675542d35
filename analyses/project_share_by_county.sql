-- 各县（区）的支出中，项目支出占多大比重？
-- Which share of its units' expenditure is project expenditure, county by county?
select
    regions.province as "省",
    regions.region_name as "县（区）",
    spending.fiscal_year as "年度",
    case spending.stage when 'budget' then '预算' else '决算' end as "阶段",
    count(distinct spending.unit_id) as "单位数",
    cast(sum(spending.expenditure_yuan) * 0.0001 as decimal(20, 2)) as "支出合计（万元）",
    cast(sum(spending.project_yuan) * 0.0001 as decimal(20, 2)) as "项目支出（万元）",
    cast(100 * sum(spending.project_yuan) / nullif(sum(spending.expenditure_yuan), 0) as decimal(6, 2)) as "项目支出占比（%）"
from marts.fct_spending as spending
inner join marts.dim_unit as units on spending.unit_id = units.unit_id
left join marts.dim_region as regions on units.region_code = regions.region_code
group by regions.province, regions.region_name, spending.fiscal_year, spending.stage
order by "项目支出占比（%）" desc
