with

codes as (

    select * from {{ ref('revenue_code') }}

)

select
    revenue_code,
    name,
    level,
    parent_code,
    budget,
    source,
    confidence
from codes
