-- 各单位在正文中怎样解释收支的增减？
-- How do units explain that their money rises or falls, in their own words?
select
    figures.unit_name as "单位",
    figures.fiscal_year as "年度",
    coalesce(owners.subject, figures.subject) as "对象",
    cast(figures.amount_yuan * 0.0001 as decimal(20, 2)) as "增减（万元）",
    figures.comparison_year as "比较年度",
    figures.sentence as "原句"
from marts.fct_narrative_figure as figures
inner join marts.dim_document as documents
    on figures.document_id = documents.document_id and documents.status = 'loaded'
-- 比上年减少… is said of the amount beside it
left join marts.fct_narrative_figure as owners on figures.owner_cell_id = owners.cell_id
where
    figures.meaning = 'change'
    and figures.amount_yuan <> 0
    and figures.sentence like '%原因%'
order by abs(figures.amount_yuan) desc, figures.cell_id
