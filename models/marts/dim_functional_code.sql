with

codes as (

    select * from {{ ref('functional_code') }}

)

select
    functional_code,
    name,
    level,
    parent_code,
    substr(functional_code, 1, 3) as class_code,
    case when length(functional_code) >= 5 then substr(functional_code, 1, 5) end as section_code,
    budget,
    first_year,
    last_year,
    source,
    confidence
from codes
