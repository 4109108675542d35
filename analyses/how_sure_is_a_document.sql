-- 每份文件的数字核对得怎样：多少等式成立，多少不成立？
-- How well do the figures of each document hold: how many identities do, how many do not?
select
    documents.file_name as "文件",
    count(*) as "等式",
    count(*) filter (where identities.verdict = 'exact') as "完全相符",
    count(*) filter (where identities.verdict = 'rounding') as "舍入相符",
    count(*) filter (where identities.verdict = 'discrepancy') as "不符",
    count(*) filter (where identities.verdict = 'unchecked') as "无法核对"
from marts.fct_identity as identities
inner join marts.dim_document as documents on identities.document_id = documents.document_id
group by documents.file_name
order by "不符" desc, "文件"
