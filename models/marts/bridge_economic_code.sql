select
    department_code,
    government_code,
    applies_to,
    source,
    note
from {{ ref('economic_crosswalk') }}
