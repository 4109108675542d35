select
    {{ short_id('f', 'cause_key') }} as finding_id,
    cell_id,
    min(cell_role) as role
from {{ ref('int_cause_cell') }}
group by cause_key, cell_id
union
select
    {{ short_id('f', 'cause_key') }} as finding_id,
    cell_id,
    'subject' as role
from {{ ref('int_finding_form') }}
where cell_id is not null
