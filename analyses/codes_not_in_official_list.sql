-- 哪些印列的功能科目不在官方科目表中？
-- Which printed functional codes are in no official list?
select
    facts.printed_code as "印列编码",
    facts.printed_name as "印列名称",
    count(*) as "次数",
    count(distinct facts.document_id) as "文件数",
    cast(max(facts.amount_yuan) * 0.0001 as decimal(20, 2)) as "最大金额（万元）"
from marts.fct_functional as facts
where facts.row_role = 'code' and not facts.is_official
group by facts.printed_code, facts.printed_name
order by "次数" desc, "印列编码"
