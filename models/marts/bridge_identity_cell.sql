select distinct
    {{ short_id('i', 'identity_key') }} as identity_id,
    cell_id,
    term_role as role,
    sign
from {{ ref('int_identity_cell') }}

union

select distinct
    {{ short_id('i', 'identity_key') }} as identity_id,
    cell_id,
    term_role as role,
    sign
from {{ ref('int_narrative_identity_cell') }}
