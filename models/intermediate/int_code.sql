-- All official codes under one roof, with their names folded for comparison.
-- One row per classification and code.
with

functional as (

    select * from {{ ref('functional_code') }}

),

department as (

    select * from {{ ref('department_economic_code') }}

),

government as (

    select * from {{ ref('government_economic_code') }}

),

revenue as (

    select * from {{ ref('revenue_code') }}

)

select
    'functional' as classification,
    functional_code as code,
    name,
    {{ fold_label('name') }} as folded_name,
    level,
    parent_code,
    confidence
from functional
union all
select
    'department' as classification,
    economic_code as code,
    name,
    {{ fold_label('name') }} as folded_name,
    level,
    parent_code,
    confidence
from department
union all
select
    'government' as classification,
    economic_code as code,
    name,
    {{ fold_label('name') }} as folded_name,
    level,
    parent_code,
    confidence
from government
union all
select
    'revenue' as classification,
    revenue_code as code,
    name,
    {{ fold_label('name') }} as folded_name,
    level,
    parent_code,
    confidence
from revenue
