-- 分单位列示的表：上级单位（部门）等于其下属各单位之和。
-- A table with rows per unit: a department equals the sum of the units whose
-- codes begin with its own.
with

amounts as (

    select * from {{ ref('int_amount') }}
    where row_role = 'unit' and own_unit_code is not null

),

units as (

    select distinct source_table_id, own_unit_code
    from amounts

),

nesting as (

    select
        units.source_table_id,
        units.own_unit_code,
        max(outer_units.own_unit_code) as parent_unit_code
    from units
    inner join units as outer_units
        on
            units.source_table_id = outer_units.source_table_id
            and length(outer_units.own_unit_code) < length(units.own_unit_code)
            and units.own_unit_code like outer_units.own_unit_code || '%'
    group by units.source_table_id, units.own_unit_code

),

terms as (

    select
        amounts.*,
        amounts.source_table_id || '/' || cast(amounts.column_number as {{ dbt.type_string() }})
        || '/' || nesting.parent_unit_code as identity_key,
        nesting.parent_unit_code as subject_code,
        'term' as term_role
    from amounts
    inner join nesting
        on
            amounts.source_table_id = nesting.source_table_id
            and amounts.own_unit_code = nesting.own_unit_code

),

totals as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }})
        || '/' || own_unit_code as identity_key,
        own_unit_code as subject_code,
        'total' as term_role
    from amounts

),

cells as (

    {{ both_sides("subject_code") }}

)

{{ rule_columns('unit_parts', 'cells') }}
