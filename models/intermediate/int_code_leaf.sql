-- Codes below which their table prints nothing. One row per table, slot, unit
-- and code.
with

parents as (

    select * from {{ ref('int_code_parent') }}

),

inner_nodes as (

    select distinct
        {{ first_table('parents') }} as first_table_id,
        slot,
        classification,
        unit_key,
        parent_code
    from parents
    where parent_code is not null

)

select
    parents.source_table_id,
    parents.slot,
    parents.classification,
    parents.unit_key,
    parents.tree_code,
    inner_nodes.parent_code is null as is_leaf
from parents
left join inner_nodes
    on
        {{ first_table('parents') }} = inner_nodes.first_table_id
        and parents.slot = inner_nodes.slot
        and parents.classification = inner_nodes.classification
        and parents.unit_key = inner_nodes.unit_key
        and parents.tree_code = inner_nodes.parent_code
