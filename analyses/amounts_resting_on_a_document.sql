-- 哪些项目金额以某份文件（文号）为依据？
-- Which project amounts rest on which cited document?
select
    citations.document_number as "文号",
    citations.cited_title as "文件名称",
    targets.unit_name as "单位",
    targets.fiscal_year as "年度",
    targets.project_name as "项目",
    max(targets.amount_yuan) as "金额（元）"
from marts.fct_citation as citations
inner join marts.dim_document as documents
    on citations.document_id = documents.document_id and documents.status = 'loaded'
inner join marts.fct_target_funding as targets
    on
        citations.source_table_id = targets.source_table_id
        and targets.payer = 'total'
        and targets.horizon = 'annual'
where citations.relation = 'basis' and citations.document_number is not null
group by
    citations.document_number, citations.cited_title, targets.unit_name, targets.fiscal_year, targets.project_name
order by "金额（元）" desc, "文号", "项目"
