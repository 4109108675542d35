-- 分单位列示的表：合计等于各（最上级）单位之和。
-- A table with rows per unit: the total row equals the sum of the topmost units.
with

amounts as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }}) as identity_key
    from {{ ref('int_amount') }}
    where fact in ('functional', 'economic', 'revenue', 'project') and family <> 'balance'

),

unit_rows as (

    select distinct source_table_id, row_number, own_unit_code
    from amounts
    where row_role = 'unit'

),

-- A unit whose code begins with another printed unit's code is inside it.
inner_units as (

    select distinct
        unit_rows.source_table_id,
        unit_rows.row_number
    from unit_rows
    inner join unit_rows as outer_units
        on
            unit_rows.source_table_id = outer_units.source_table_id
            and length(outer_units.own_unit_code) < length(unit_rows.own_unit_code)
            and unit_rows.own_unit_code like outer_units.own_unit_code || '%'

),

totals as (

    select
        *,
        'total' as term_role
    from amounts
    where row_role in ('total', 'grand_total') and coalesce(label_kind, '') = 'total'

),

-- A unit row without a code that repeats the total in every column is the
-- department; the units below it are inside it.
total_counts as (

    select
        source_table_id,
        count(*) as total_count
    from totals
    group by source_table_id

),

whole_rows as (

    select
        amounts.source_table_id,
        amounts.row_number
    from amounts
    inner join totals
        on
            amounts.identity_key = totals.identity_key
            and amounts.amount_yuan = totals.amount_yuan
    inner join total_counts
        on amounts.source_table_id = total_counts.source_table_id
    where amounts.row_role = 'unit' and amounts.own_unit_code is null
    group by amounts.source_table_id, amounts.row_number
    having count(*) = max(total_counts.total_count)

),

departments as (

    select
        source_table_id,
        min(row_number) as row_number
    from whole_rows
    group by source_table_id

),

terms as (

    select
        amounts.*,
        'term' as term_role
    from amounts
    left join inner_units
        on
            amounts.source_table_id = inner_units.source_table_id
            and amounts.row_number = inner_units.row_number
    left join departments
        on
            amounts.source_table_id = departments.source_table_id
            and amounts.row_number > departments.row_number
    where
        amounts.row_role = 'unit'
        and inner_units.source_table_id is null
        and departments.source_table_id is null

),

cells as (

    {{ both_sides("'total'") }}

)

{{ rule_columns('unit_total', 'cells') }}
