with

department as (

    select 'department' as classification, * from {{ ref('department_economic_code') }}

),

government as (

    select 'government' as classification, * from {{ ref('government_economic_code') }}

)

select
    classification,
    economic_code,
    name,
    level,
    parent_code,
    source,
    confidence
from department
union all
select
    classification,
    economic_code,
    name,
    level,
    parent_code,
    source,
    confidence
from government
