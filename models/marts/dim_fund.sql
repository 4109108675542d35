select
    fund,
    parent,
    name_zh,
    name_en,
    sort_order
from {{ ref('fund') }}
