-- 人员经费与公用经费各占基本支出多少？
-- How is basic expenditure divided between personnel and operating expenses?
with

parts as (

    select
        facts.unit_id,
        facts.unit_name,
        facts.fiscal_year,
        facts.stage,
        sum(facts.amount_yuan) filter (where substr(facts.economic_code, 1, 3) in ('301', '303')) as personnel_yuan,
        sum(facts.amount_yuan) filter (where substr(facts.economic_code, 1, 3) in ('302', '310')) as operating_yuan
    from marts.fct_economic as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    where
        facts.statement = 'basic_expenditure'
        and facts.classification = 'department'
        and facts.row_role = 'code'
        and facts.level = 'class'
        and facts.measure = 'total'
        and facts.phase in ('budget', 'final')
    group by facts.unit_id, facts.unit_name, facts.fiscal_year, facts.stage

)

select
    unit_name as "单位",
    fiscal_year as "年度",
    cast(personnel_yuan * 0.0001 as decimal(20, 2)) as "人员经费（万元）",
    cast(operating_yuan * 0.0001 as decimal(20, 2)) as "公用经费（万元）",
    cast(100 * operating_yuan / nullif(personnel_yuan + operating_yuan, 0) as decimal(6, 2)) as "公用经费占比（%）"
from parts
order by "公用经费占比（%）" desc nulls last, "单位"
