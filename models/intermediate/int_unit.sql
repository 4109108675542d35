-- Every unit that a document is from or that a row names, once. One row per unit;
-- its name is the one that most documents print, the longest of them.
with

names as (

    select * from {{ ref('int_unit_name') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

mentions as (

    select
        names.*,
        documents.fiscal_year
    from names
    inner join documents on names.document_id = documents.document_id

),

ranked_names as (

    select
        unit_id,
        unit_name,
        row_number() over (
            partition by unit_id
            order by
                max(case when is_publisher then 1 else 0 end) desc,
                count(*) desc,
                length(unit_name) desc,
                unit_name asc
        ) as name_rank
    from mentions
    group by unit_id, unit_name

),

other_names as (

    select
        unit_id,
        {{ string_aggregate('unit_name', "';'", 'unit_name') }} as other_names
    from ranked_names
    where name_rank > 1
    group by unit_id

),

units as (

    select
        unit_id,
        max(unit_code) as unit_code,
        min(region_code) as region_code,
        min(canonical_name) as canonical_name,
        min(headquarters_of_name) as headquarters_of_name,
        min(fiscal_year) as first_year,
        max(fiscal_year) as last_year,
        max(case when is_publisher then 1 else 0 end) = 1 as is_publisher
    from mentions
    group by unit_id

)

select
    units.unit_id,
    units.canonical_name,
    ranked_names.unit_name,
    other_names.other_names,
    units.unit_code,
    units.region_code,
    units.headquarters_of_name,
    units.first_year,
    units.last_year,
    units.is_publisher
from units
inner join ranked_names
    on
        units.unit_id = ranked_names.unit_id
        and ranked_names.name_rank = 1
left join other_names on units.unit_id = other_names.unit_id
