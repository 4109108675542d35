-- 各单位的收入来自哪里？
-- Where does the money of each unit come from?
select
    facts.unit_name as "单位",
    facts.fiscal_year as "年度",
    funds.name_zh as "收入来源",
    cast(max(facts.amount_yuan) * 0.0001 as decimal(20, 2)) as "金额（万元）"
from marts.fct_revenue as facts
inner join marts.dim_document as documents
    on facts.document_id = documents.document_id and documents.status = 'loaded'
inner join marts.dim_fund as funds on facts.revenue_source = funds.fund
where
    facts.statement = 'balance'
    and facts.row_role = 'code'
    and facts.phase in ('budget', 'final')
    and facts.amount_yuan > 0
group by facts.unit_id, facts.unit_name, facts.fiscal_year, facts.stage, funds.name_zh, funds.sort_order
order by "单位", "年度", funds.sort_order
