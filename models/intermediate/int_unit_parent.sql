-- The department that a unit belongs to, by the strongest of: the unit is the office
-- of the department itself (某局本级); its code begins with the department's; its own document names the department (主管部门：…); a department's document
-- has a row of it; either says so in words. One row per unit with a department.
with

units as (

    select * from {{ ref('int_unit') }}

),

names as (

    select * from {{ ref('int_unit_name') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

editions as (

    select * from {{ ref('int_document_coverage') }}

),

listed_units as (

    select * from {{ ref('int_unit_listed') }}

),

publishers as (

    select
        documents.document_id,
        documents.department_name,
        documents.document_kind,
        names.unit_id
    from documents
    inner join names
        on
            documents.document_id = names.document_id
            and {{ fold_label('documents.unit_name') }} = names.folded_name

),

-- Of several units with that code (one that was renamed) the latest.
by_code as (

    select
        units.unit_id,
        outer_units.unit_id as parent_unit_id,
        'code' as parent_basis,
        2 as basis_rank,
        1000 * length(outer_units.unit_code) + coalesce(outer_units.last_year, 0) % 1000 as weight
    from units
    inner join units as outer_units
        on
            units.region_code = outer_units.region_code
            and length(outer_units.unit_code) >= 3
            and length(outer_units.unit_code) < length(units.unit_code)
            and units.unit_code like outer_units.unit_code || '%'

),

by_name as (

    select
        units.unit_id,
        departments.unit_id as parent_unit_id,
        'name' as parent_basis,
        1 as basis_rank,
        1 as weight
    from units
    inner join units as departments
        on
            units.headquarters_of_name = departments.canonical_name
            and coalesce(units.region_code, '') = coalesce(departments.region_code, '')
            and units.unit_id <> departments.unit_id

),

by_label as (

    select
        publishers.unit_id,
        names.unit_id as parent_unit_id,
        'label' as parent_basis,
        3 as basis_rank,
        count(*) as weight
    from publishers
    inner join names
        on
            publishers.document_id = names.document_id
            and {{ fold_label('publishers.department_name') }} = names.folded_name
            and publishers.unit_id <> names.unit_id
    group by publishers.unit_id, names.unit_id

),

-- A department prints rows of its units; a single unit's budget prints the row of
-- its department above its own.
row_units as (

    select
        publishers.document_id,
        publishers.unit_id,
        names.unit_id as other_unit_id,
        editions.coverage,
        count(*) over (partition by publishers.document_id) as other_count
    from publishers
    inner join names
        on
            publishers.document_id = names.document_id
            and publishers.unit_id <> names.unit_id
    inner join editions on publishers.document_id = editions.document_id
    where
        not names.is_publisher
        and coalesce(publishers.document_kind, '') <> 'government_budget'
        and coalesce(publishers.department_name, '') <> names.unit_name

),

directed_rows as (

    select
        case when is_department then other_unit_id else unit_id end as unit_id,
        case when is_department then unit_id else other_unit_id end as parent_unit_id
    from (
        select
            *,
            coverage = 'department' or other_count > 1 as is_department
        from row_units
    ) as judged_rows

),

by_row as (

    select
        unit_id,
        parent_unit_id,
        'row' as parent_basis,
        4 as basis_rank,
        count(*) as weight
    from directed_rows
    group by unit_id, parent_unit_id

),

-- An office with a budget of a department is none of the units that another lists,
-- unless its own document says so: lists name offices that a department works with.
departments as (

    select distinct units.unit_id
    from units
    inner join publishers on units.unit_id = publishers.unit_id
    inner join editions on publishers.document_id = editions.document_id
    where
        editions.coverage = 'department'
        and {{ regex_matches('units.canonical_name', "'(?:局|委员会|政府|办公室|法院|检察院|部)$'") }}

),

-- Units that publish, each by its names. What the own office of a department lists are
-- units of the department.
listed_names as (

    select
        publishers.document_id,
        listed_units.relation,
        coalesce(offices.parent_unit_id, publishers.unit_id) as unit_id,
        names.unit_id as other_unit_id
    from listed_units
    inner join publishers
        on
            listed_units.document_id = publishers.document_id
            and coalesce(publishers.document_kind, '') <> 'government_budget'
    inner join names
        on
            coalesce(listed_units.region_code, '') = coalesce(names.region_code, '')
            and listed_units.listed_name in (names.canonical_name, names.folded_name)
            and names.is_publisher
    left join by_name as offices
        on
            publishers.unit_id = offices.unit_id
            and listed_units.relation = 'unit'

),

by_list as (

    select
        directed.unit_id,
        directed.parent_unit_id,
        'listed' as parent_basis,
        5 as basis_rank,
        count(distinct directed.document_id) as weight
    from (
        select
            listed_names.document_id,
            listed_names.other_unit_id as unit_id,
            listed_names.unit_id as parent_unit_id
        from listed_names
        left join departments on listed_names.other_unit_id = departments.unit_id
        where listed_names.relation = 'unit' and departments.unit_id is null

        union all

        select
            document_id,
            unit_id,
            other_unit_id as parent_unit_id
        from listed_names
        where relation = 'department'
    ) as directed
    where directed.unit_id <> directed.parent_unit_id
    group by directed.unit_id, directed.parent_unit_id

),

candidates as (

    select * from by_code
    union all
    select * from by_name
    union all
    select * from by_label
    union all
    select * from by_row
    union all
    select * from by_list

),

ranked as (

    select
        *,
        row_number() over (
            partition by unit_id order by basis_rank, weight desc, parent_unit_id
        ) as parent_rank
    from candidates

),

-- Two units that name each other have no known order.
first_parents as (

    select * from ranked where parent_rank = 1

)

select
    first_parents.unit_id,
    first_parents.parent_unit_id,
    first_parents.parent_basis
from first_parents
left join first_parents as reverse
    on
        first_parents.unit_id = reverse.parent_unit_id
        and first_parents.parent_unit_id = reverse.unit_id
where reverse.unit_id is null or first_parents.basis_rank < reverse.basis_rank
