-- 哪些表没有读懂，为什么？
-- Which tables were not understood, and why?
select
    documents.file_name as "文件",
    tables.page as "页",
    tables.line as "行",
    tables.title as "标题",
    tables.status_reason as "原因"
from marts.dim_source_table as tables
inner join marts.dim_document as documents on tables.document_id = documents.document_id
where tables.status = 'not_understood'
order by documents.file_name, tables.page, tables.line
