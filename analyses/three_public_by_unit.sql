-- 各单位各年的“三公”经费是多少，比上一年增减多少？
-- What does each unit spend on 三公 in each year, and how does it change from the year before?
with

items as (

    select distinct
        facts.unit_id,
        facts.unit_name,
        facts.fiscal_year,
        facts.stage,
        facts.item,
        facts.amount_yuan
    from marts.fct_three_public as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id
    where
        documents.status = 'loaded'
        and facts.statement = 'three_public'
        and facts.phase = case facts.stage when 'budget' then 'budget' else 'final' end
        and facts.item in ('total', 'overseas', 'reception', 'vehicles')

)

select
    unit_name as "单位",
    fiscal_year as "年度",
    case stage when 'budget' then '预算' else '决算' end as "阶段",
    cast(max(amount_yuan) filter (where item = 'total') * 0.0001 as decimal(20, 2)) as "三公经费（万元）",
    cast(max(amount_yuan) filter (where item = 'overseas') * 0.0001 as decimal(20, 2)) as "因公出国（境）费",
    cast(max(amount_yuan) filter (where item = 'vehicles') * 0.0001 as decimal(20, 2)) as "公务用车购置及运行费",
    cast(max(amount_yuan) filter (where item = 'reception') * 0.0001 as decimal(20, 2)) as "公务接待费",
    case
        when lag(fiscal_year) over unit_years = fiscal_year - 1
            then
                cast(
                    (
                        max(amount_yuan) filter (where item = 'total')
                        - lag(max(amount_yuan) filter (where item = 'total')) over unit_years
                    ) * 0.0001 as decimal(20, 2)
                )
    end as "比上年增减（万元）"
from items
group by unit_id, unit_name, stage, fiscal_year
window unit_years as (partition by unit_id, stage order by fiscal_year)
order by "三公经费（万元）" desc nulls last, "单位", "年度"
