-- 金额最大的项目是哪些？
-- Which are the largest projects?
select
    facts.unit_name as "单位",
    facts.fiscal_year as "年度",
    facts.project_name as "项目",
    facts.project_type as "类型",
    cast(max(facts.amount_yuan) * 0.0001 as decimal(20, 2)) as "金额（万元）"
from marts.fct_project as facts
inner join marts.dim_document as documents
    on facts.document_id = documents.document_id and documents.status = 'loaded'
where facts.row_role = 'code' and facts.measure = 'total' and facts.phase in ('budget', 'final')
group by facts.unit_id, facts.unit_name, facts.fiscal_year, facts.stage, facts.project_name, facts.project_type
order by "金额（万元）" desc, "项目"
limit 50
