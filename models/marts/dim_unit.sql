with

units as (

    select * from {{ ref('int_unit') }}

),

parents as (

    select
        units.unit_id,
        max(outer_units.unit_code) as parent_unit_code
    from units
    inner join units as outer_units
        on
            units.region_code = outer_units.region_code
            and length(outer_units.unit_code) >= 3
            and length(outer_units.unit_code) < length(units.unit_code)
            and units.unit_code like outer_units.unit_code || '%'
    group by units.unit_id

)

select
    units.unit_id,
    units.unit_code,
    units.unit_name,
    outer_units.unit_id as parent_unit_id,
    outer_units.unit_name as parent_unit_name,
    units.region_code,
    units.first_year,
    units.last_year
from units
left join parents on units.unit_id = parents.unit_id
left join units as outer_units
    on
        parents.parent_unit_code = outer_units.unit_code
        and units.region_code = outer_units.region_code
