-- What may be summed without thinking: leaf codes of one document per unit, year
-- and stage, from one statement: 支出总表 where its codes are printed, otherwise
-- the statements of the single budgets, which do not overlap. A leaf whose code
-- could not be established counts under the class it is printed in.
with

facts as (

    select * from {{ ref('fct_functional') }}

),

documents as (

    select * from {{ ref('dim_document') }} where status = 'loaded'

),

statements as (

    select * from {{ ref('statement') }} where spending_rank is not null

),

leaves as (

    select
        facts.*,
        statements.spending_rank,
        case when facts.unit_id = documents.unit_id then 0 else 1 end as is_rollup,
        coalesce(
            facts.functional_code,
            {{ regex_extract('facts.printed_code', "'^([0-9]{3})'", 1) }}
        ) as leaf_code
    from facts
    inner join documents on facts.document_id = documents.document_id
    inner join statements on facts.statement = statements.statement
    where
        facts.is_leaf
        and facts.side = 'expenditure'
        and facts.measure in ('total', 'basic', 'project')
        and facts.unit_id is not null
        and (
            (facts.stage = 'budget' and facts.phase = 'budget')
            or (facts.stage = 'final_accounts' and facts.phase = 'final')
        )

),

widest as (

    {{ widest_figures('leaves') }}

),

sources as (

    select
        unit_id,
        fiscal_year,
        stage,
        document_id,
        row_number() over (
            partition by unit_id, fiscal_year, stage
            order by min(is_rollup), min(spending_rank), count(*) desc, document_id
        ) as document_rank,
        min(spending_rank) as best_rank
    from widest
    group by unit_id, fiscal_year, stage, document_id

),

chosen as (

    select widest.*
    from widest
    inner join sources
        on
            widest.unit_id = sources.unit_id
            and widest.fiscal_year = sources.fiscal_year
            and widest.stage = sources.stage
            and widest.document_id = sources.document_id
            and sources.document_rank = 1
    where
        (sources.best_rank = 1 and widest.spending_rank = 1)
        or (sources.best_rank > 1 and widest.spending_rank > 1)

)

select
    unit_id,
    fiscal_year,
    stage,
    leaf_code as functional_code,
    min(document_id) as document_id,
    min(unit_name) as unit_name,
    min(functional_name) as functional_name,
    {{ string_aggregate('distinct statement', "','", 'statement') }} as statements,
    try_cast(sum(case when measure = 'total' then amount_yuan end) as decimal(20, 4)) as expenditure_yuan,
    try_cast(sum(case when measure = 'basic' then amount_yuan end) as decimal(20, 4)) as basic_yuan,
    try_cast(sum(case when measure = 'project' then amount_yuan end) as decimal(20, 4)) as project_yuan,
    case
        when max(case when measure = 'total' and proof = 'disputed' then 1 else 0 end) = 1 then 'disputed'
        when min(case when measure = 'total' and proof <> 'proven' then 0 else 1 end) = 1 then 'proven'
        else 'unchecked'
    end as proof
from chosen
where leaf_code is not null
group by unit_id, fiscal_year, stage, leaf_code
