-- 哪些印列的金额与其他数字矛盾？
-- Which printed amounts stand against other figures?
select
    facts.unit_name as "单位",
    facts.fiscal_year as "年度",
    statements.name_zh as "报表",
    facts.functional_code as "科目",
    facts.printed_name as "名称",
    cells.printed_text as "印列数字",
    cells.page as "页",
    cells.line as "行"
from marts.fct_functional as facts
inner join marts.dim_source_cell as cells on facts.cell_id = cells.cell_id
inner join marts.dim_statement as statements on facts.statement = statements.statement
where facts.proof = 'disputed'
order by "单位", cells.page, cells.line, cells.cell_id
