-- 决算文件自己印列的预算数与决算数相差多少？
-- How far are final accounts from the budget figures that the same document prints?
select
    final.unit_name as "单位",
    final.fiscal_year as "年度",
    final.item as "项目",
    cast(budget.amount_yuan * 0.0001 as decimal(20, 2)) as "预算（万元）",
    cast(final.amount_yuan * 0.0001 as decimal(20, 2)) as "决算（万元）",
    cast((final.amount_yuan - budget.amount_yuan) * 0.0001 as decimal(20, 2)) as "决算减预算（万元）"
from marts.fct_three_public as final
inner join marts.fct_three_public as budget
    on
        final.source_table_id = budget.source_table_id
        and final.item = budget.item
        and final.phase = 'final'
        and budget.phase = 'budget'
inner join marts.dim_document as documents
    on final.document_id = documents.document_id and documents.status = 'loaded'
order by abs(final.amount_yuan - budget.amount_yuan) desc, "单位", "项目"
