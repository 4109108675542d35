with

regions as (

    select * from {{ ref('region') }} where level in ('county', 'prefecture')

),

zones as (

    select * from {{ ref('development_zone') }}

)

select
    region_code,
    level,
    province,
    prefecture,
    county,
    name as region_name
from regions
union all
select
    region_code,
    'zone' as level,
    province,
    prefecture,
    name as county,
    name as region_name
from zones
