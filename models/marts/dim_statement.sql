select
    statement,
    cast(null as {{ dbt.type_string() }}) as parent,
    name_zh,
    name_en,
    sort_order
from {{ ref('statement') }}
