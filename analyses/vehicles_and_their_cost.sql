-- 各单位有几辆车，公务用车运行维护费平均每辆多少？
-- How many vehicles does each unit have, and what does running one cost?
with

vehicles as (

    select facts.unit_id, facts.unit_name, facts.fiscal_year, max(facts.quantity) as vehicles
    from marts.fct_resource as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    where facts.item = 'vehicles' and facts.stock_or_purchase = 'stock'
    group by facts.unit_id, facts.unit_name, facts.fiscal_year

),

costs as (

    select unit_id, fiscal_year, max(amount_yuan) as running_yuan
    from marts.fct_three_public
    where item = 'vehicle_operation' and phase in ('budget', 'final')
    group by unit_id, fiscal_year

)

select
    vehicles.unit_name as "单位",
    vehicles.fiscal_year as "年度",
    cast(vehicles.vehicles as integer) as "车辆（辆）",
    cast(costs.running_yuan * 0.0001 as decimal(20, 2)) as "运行维护费（万元）",
    cast(costs.running_yuan * 0.0001 / nullif(vehicles.vehicles, 0) as decimal(20, 2)) as "平均每辆（万元）"
from vehicles
left join costs on vehicles.unit_id = costs.unit_id and vehicles.fiscal_year = costs.fiscal_year
order by "平均每辆（万元）" desc nulls last, "单位"
