-- 哪些项目没有公开绩效目标？
-- Which projects of a document that publishes targets have none?
with

projects as (

    select
        document_id,
        unit_name,
        fiscal_year,
        replace(project_name, ' ', '') as project_name,
        max(amount_yuan) as amount_yuan
    from marts.fct_project
    where row_role = 'code' and measure = 'total' and phase = 'budget'
    group by document_id, unit_name, fiscal_year, replace(project_name, ' ', '')

),

targets as (

    select distinct document_id, replace(project_name, ' ', '') as project_name
    from marts.fct_performance_target

)

select
    projects.unit_name as "单位",
    projects.fiscal_year as "年度",
    projects.project_name as "项目",
    cast(projects.amount_yuan * 0.0001 as decimal(20, 2)) as "金额（万元）"
from projects
left join targets
    on
        projects.document_id = targets.document_id
        and projects.project_name = targets.project_name
where
    targets.project_name is null
    and projects.document_id in (select document_id from targets)
order by projects.amount_yuan desc, projects.project_name
