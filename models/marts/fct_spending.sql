with

counted as (

    select * from {{ ref('int_spending_functional') }}
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
            and missing.fact = 'functional'

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

)

select
    unit_id,
    fiscal_year,
    stage,
    leaf_code as functional_code,
    min(document_id) as document_id,
    min(unit_name) as unit_name,
    min(leaf_name) as functional_name,
    {{ string_aggregate('distinct statement', "','", 'statement') }} as statements,
    try_cast(sum(case when measure = 'total' then amount_yuan end) as decimal(20, 4)) as expenditure_yuan,
    try_cast(sum(case when measure = 'basic' then amount_yuan end) as decimal(20, 4)) as basic_yuan,
    try_cast(sum(case when measure = 'project' then amount_yuan end) as decimal(20, 4)) as project_yuan,
    case
        when max(case when measure = 'total' and proof = 'disputed' then 1 else 0 end) = 1 then 'disputed'
        when min(case when measure = 'total' and proof <> 'proven' then 0 else 1 end) = 1 then 'proven'
        else 'unchecked'
    end as proof
from leaves
group by unit_id, fiscal_year, stage, leaf_code
