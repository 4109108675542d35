-- 各单位的钱花在哪些功能（类）上？
-- On which functions (class level) does each unit spend its money?
select
    spending.unit_name as "单位",
    spending.fiscal_year as "年度",
    codes.class_code as "类",
    classes.name as "名称",
    cast(sum(spending.expenditure_yuan) * 0.0001 as decimal(20, 2)) as "支出（万元）",
    cast(
        100 * sum(spending.expenditure_yuan)
        / nullif(sum(sum(spending.expenditure_yuan)) over (partition by spending.unit_id, spending.fiscal_year, spending.stage), 0)
        as decimal(6, 2)
    ) as "占比（%）"
from marts.fct_spending as spending
inner join marts.dim_functional_code as codes
    on
        spending.functional_code = codes.functional_code
        and spending.fiscal_year between coalesce(codes.first_year, 0) and coalesce(codes.last_year, 9999)
left join marts.dim_functional_code as classes
    on
        codes.class_code = classes.functional_code
        and spending.fiscal_year between coalesce(classes.first_year, 0) and coalesce(classes.last_year, 9999)
group by
    spending.unit_id, spending.unit_name, spending.fiscal_year, spending.stage, codes.class_code, classes.name
order by "单位", "年度", "支出（万元）" desc
