-- 哪些文件没有计入，为什么？
-- Which files do not count, and why?
select
    file_name as "文件",
    case status when 'duplicate' then '重复' when 'superseded' then '已被更新' else '未载入' end as "状态",
    status_reason as "原因"
from marts.dim_document
where status <> 'loaded'
order by status, file_name
