-- 哪些单位在 50502（对事业单位的商品和服务支出）下列支劳务费、委托业务费？
-- Which units pay 30226 劳务费 or 30227 委托业务费 from the government code 50502, and how much?
select
    facts.unit_name as "单位",
    facts.fiscal_year as "年度",
    facts.printed_code as "部门经济科目",
    facts.printed_name as "科目名称",
    facts.paired_code as "政府经济科目",
    cast(facts.amount_yuan * 0.0001 as decimal(20, 2)) as "金额（万元）",
    documents.unit_type as "单位性质",
    cells.page as "页",
    cells.line as "行"
from marts.fct_economic as facts
inner join marts.dim_document as documents
    on facts.document_id = documents.document_id
inner join marts.dim_source_cell as cells on facts.cell_id = cells.cell_id
where
    documents.status = 'loaded'
    and facts.classification = 'department'
    and facts.row_role = 'code'
    and facts.paired_code = '50502'
    and facts.economic_code in ('30226', '30227')
    and facts.measure = 'total'
    and facts.fund = 'all'
    and facts.year_basis = 'all'
order by "金额（万元）" desc, "单位"
