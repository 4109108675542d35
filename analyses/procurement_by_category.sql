-- 各单位的政府采购预算：货物、工程、服务各多少，面向中小企业预留多少？
-- What does each unit procure: goods, works, services, and how much is kept for small business?
select
    facts.unit_name as "单位",
    facts.fiscal_year as "年度",
    cast(max(facts.amount_yuan) filter (where facts.category = 'total') * 0.0001 as decimal(20, 2)) as "合计（万元）",
    cast(max(facts.amount_yuan) filter (where facts.category = 'goods') * 0.0001 as decimal(20, 2)) as "货物（万元）",
    cast(max(facts.amount_yuan) filter (where facts.category = 'works') * 0.0001 as decimal(20, 2)) as "工程（万元）",
    cast(max(facts.amount_yuan) filter (where facts.category = 'services') * 0.0001 as decimal(20, 2)) as "服务（万元）",
    cast(max(facts.amount_yuan) filter (where facts.category = 'small_business') * 0.0001 as decimal(20, 2))
        as "面向中小企业（万元）"
from marts.fct_procurement as facts
inner join marts.dim_document as documents
    on facts.document_id = documents.document_id and documents.status = 'loaded'
where facts.phase in ('budget', 'final')
group by facts.unit_id, facts.unit_name, facts.fiscal_year, facts.stage
order by "合计（万元）" desc nulls last, "单位"
