-- 哪些报表的数字最少得到等式核对？
-- Figures of which statements are least covered by arithmetic?
select
    coverage.unit_name as "单位",
    coverage.fiscal_year as "年度",
    statements.name_zh as "报表",
    coverage.amounts as "金额数",
    coverage.amounts_in_identity as "有等式核对",
    coverage.amounts_in_no_identity as "无等式核对"
from marts.rpt_coverage as coverage
left join marts.dim_statement as statements on coverage.statement = statements.statement
where coverage.amounts_in_no_identity > 0
order by coverage.amounts_in_no_identity desc, "单位"
