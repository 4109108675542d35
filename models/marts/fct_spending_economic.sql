with

counted as (

    select * from {{ ref('int_spending_economic') }}
    where spending_place = 'counted' and leaf_code is not null

),

-- A sum from which amounts are missing is left out, as the finding says.
incomplete as (

    select distinct
        counted.unit_id,
        counted.fiscal_year,
        counted.stage
    from counted
    inner join {{ ref('int_spending_incomplete') }} as missing
        on
            counted.document_id = missing.document_id
            and counted.statement = missing.statement
            and missing.fact = 'economic'

),

leaves as (

    select counted.*
    from counted
    left join incomplete
        on
            counted.unit_id = incomplete.unit_id
            and counted.fiscal_year = incomplete.fiscal_year
            and counted.stage = incomplete.stage
    where incomplete.unit_id is null

),

-- What the tables of a unit cover together.
scopes as (

    select
        unit_id,
        fiscal_year,
        stage,
        code_set,
        case when count(distinct scope) > 1 then 'all' else min(scope) end as covered_scope
    from leaves
    group by unit_id, fiscal_year, stage, code_set

)

select
    leaves.unit_id,
    leaves.fiscal_year,
    leaves.stage,
    leaves.code_set as classification,
    leaves.leaf_code as economic_code,
    min(leaves.document_id) as document_id,
    min(leaves.unit_name) as unit_name,
    min(leaves.leaf_name) as economic_name,
    min(scopes.covered_scope) as scope,
    try_cast(sum(leaves.amount_yuan) as decimal(20, 4)) as expenditure_yuan,
    try_cast(sum(case when leaves.scope = 'basic' then leaves.amount_yuan end) as decimal(20, 4)) as basic_yuan,
    try_cast(sum(case when leaves.scope = 'project' then leaves.amount_yuan end) as decimal(20, 4)) as project_yuan,
    case
        when max(case when leaves.proof = 'disputed' then 1 else 0 end) = 1 then 'disputed'
        when min(case when leaves.proof <> 'proven' then 0 else 1 end) = 1 then 'proven'
        else 'unchecked'
    end as proof
from leaves
inner join scopes
    on
        leaves.unit_id = scopes.unit_id
        and leaves.fiscal_year = scopes.fiscal_year
        and leaves.stage = scopes.stage
        and leaves.code_set = scopes.code_set
group by leaves.unit_id, leaves.fiscal_year, leaves.stage, leaves.code_set, leaves.leaf_code
