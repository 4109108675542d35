-- 资金管理办法和项目文本规定了哪些标准和上限？
-- Which standards and caps do rules of funds and project texts set?
select
    documents.title as "文件",
    standards.subject as "对象",
    standards.kind as "类别",
    standards.value as "数值",
    standards.value_unit as "单位",
    standards.condition as "条件",
    standards.payer as "资金承担方"
from marts.fct_policy_standard as standards
inner join marts.dim_document as documents
    on standards.document_id = documents.document_id and documents.status = 'loaded'
where standards.kind in ('standard', 'cap', 'floor', 'tier', 'payout_share')
order by documents.title, standards.standard_id
