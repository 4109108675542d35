with

units as (

    select * from {{ ref('int_unit') }}

),

parents as (

    select * from {{ ref('int_unit_parent') }}

)

select
    units.unit_id,
    units.unit_code,
    units.unit_name,
    units.other_names,
    parents.parent_unit_id,
    departments.unit_name as parent_unit_name,
    parents.parent_basis,
    units.region_code,
    units.first_year,
    units.last_year
from units
left join parents on units.unit_id = parents.unit_id
left join units as departments on parents.parent_unit_id = departments.unit_id
