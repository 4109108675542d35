-- 各单位有多少上年结转资金，占全部收入多少？
-- How much money was carried over from the year before, and which share of all is it?
with

balances as (

    select
        facts.unit_id,
        facts.unit_name,
        facts.fiscal_year,
        facts.stage,
        max(facts.amount_yuan) filter (where facts.item = 'carryover_in') as carryover_yuan
    from marts.fct_balance_item as facts
    inner join marts.dim_document as documents
        on facts.document_id = documents.document_id and documents.status = 'loaded'
    where facts.statement = 'balance' and facts.phase in ('budget', 'final') and facts.row_role = 'code'
    group by facts.unit_id, facts.unit_name, facts.fiscal_year, facts.stage

),

totals as (

    select unit_id, fiscal_year, stage, max(amount_yuan) as total_yuan
    from marts.fct_revenue
    where statement = 'balance' and row_role = 'grand_total' and phase in ('budget', 'final')
    group by unit_id, fiscal_year, stage

)

select
    balances.unit_name as "单位",
    balances.fiscal_year as "年度",
    cast(balances.carryover_yuan * 0.0001 as decimal(20, 2)) as "上年结转（万元）",
    cast(totals.total_yuan * 0.0001 as decimal(20, 2)) as "收入总计（万元）",
    cast(100 * balances.carryover_yuan / nullif(totals.total_yuan, 0) as decimal(6, 2)) as "占比（%）"
from balances
inner join totals
    on
        balances.unit_id = totals.unit_id
        and balances.fiscal_year = totals.fiscal_year
        and balances.stage = totals.stage
where balances.carryover_yuan > 0
order by balances.carryover_yuan desc
