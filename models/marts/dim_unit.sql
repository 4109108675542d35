with

units as (

    select * from {{ ref('int_unit') }}

),

-- The longest code that begins the unit's own; of several units with that code
-- (one that was renamed) the latest.
parents as (

    select
        units.unit_id,
        outer_units.unit_id as parent_unit_id,
        outer_units.unit_name as parent_unit_name,
        row_number() over (
            partition by units.unit_id
            order by
                length(outer_units.unit_code) desc,
                outer_units.last_year desc,
                outer_units.unit_id
        ) as parent_rank
    from units
    inner join units as outer_units
        on
            units.region_code = outer_units.region_code
            and length(outer_units.unit_code) >= 3
            and length(outer_units.unit_code) < length(units.unit_code)
            and units.unit_code like outer_units.unit_code || '%'

)

select
    units.unit_id,
    units.unit_code,
    units.unit_name,
    parents.parent_unit_id,
    parents.parent_unit_name,
    units.region_code,
    units.first_year,
    units.last_year
from units
left join parents
    on
        units.unit_id = parents.unit_id
        and parents.parent_rank = 1
