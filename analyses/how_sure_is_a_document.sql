-- 每份文件的数字核对得怎样：多少等式成立，多少不成立？
-- How well do the figures of each document hold: how many identities do, how many do not?
with

verdicts as (

    select
        document_id,
        count(*) as identity_count,
        count(*) filter (where verdict = 'exact') as exact_count,
        count(*) filter (where verdict = 'rounding') as rounding_count,
        count(*) filter (where verdict = 'discrepancy') as discrepancy_count,
        count(*) filter (where verdict = 'unchecked') as unchecked_count
    from marts.fct_identity
    group by document_id

)

select
    documents.relative_path as "文件",
    verdicts.identity_count as "等式",
    verdicts.exact_count as "完全相符",
    verdicts.rounding_count as "舍入相符",
    verdicts.discrepancy_count as "不符",
    verdicts.unchecked_count as "无法核对"
from verdicts
inner join marts.dim_document as documents on verdicts.document_id = documents.document_id
order by "不符" desc, "文件"
