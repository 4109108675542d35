-- 哪些正文数字与报表或自身矛盾？
-- Which figures of running text contradict the tables or the text itself?
select
    findings.unit_name as "单位",
    findings.fiscal_year as "年度",
    findings.title as "发现",
    cells.printed_text as "正文数字",
    cells.page as "页",
    cells.line as "行",
    findings.explanation as "说明"
from marts.fct_finding as findings
inner join marts.bridge_finding_cell as named
    on findings.finding_id = named.finding_id and named.role = 'suspect' and named.place = 1
inner join marts.dim_source_cell as cells on named.cell_id = cells.cell_id and cells.kind = 'text'
order by findings.severity, "单位", cells.page, cells.line, cells.cell_id
