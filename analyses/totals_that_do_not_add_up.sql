-- 哪些单位公布的报表中合计对不上？在文件的哪一页、哪一格，应为多少？
-- Which units' published tables have totals that do not add up, where is the cell that is to blame, and what should stand there?
with

-- The cell to blame; where no single cell explains it, the totals that are not met.
named as (

    select finding_id, cell_id, expected_yuan
    from marts.bridge_finding_cell
    where role = 'suspect' and place = 1

    union all

    select finding_id, cell_id, null as expected_yuan
    from marts.bridge_finding_cell
    where
        role = 'total'
        and finding_id not in (
            select finding_id from marts.bridge_finding_cell where role = 'suspect'
        )

)

select
    findings.unit_name as "单位",
    findings.fiscal_year as "年度",
    findings.title as "发现",
    cells.file_name as "文件",
    cells.page as "页",
    coalesce(cells.line, cells.row_number + 1) as "行",
    cells.column_number + 1 as "列",
    cells.printed_text as "印列数字",
    cast(named.expected_yuan as decimal(20, 2)) as "按等式应为（元）",
    named.cell_id as "单元格编号"
from marts.fct_finding as findings
inner join named on findings.finding_id = named.finding_id
inner join marts.dim_source_cell as cells on named.cell_id = cells.cell_id
where findings.difference_yuan is not null and cells.kind = 'cell'
order by abs(findings.difference_yuan) desc, findings.finding_id, cells.page, cells.line, cells.cell_id
