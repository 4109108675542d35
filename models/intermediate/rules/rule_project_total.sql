-- 项目支出表：合计（或单位小计、项目小计）等于其下各项目之和。
-- A table of projects: the total row, or the nearest unit row above, equals the
-- sum of the projects below it; so does a subtotal between them.
with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'project'

),

project_rows as (

    select
        *,
        max(case when row_role in ('total', 'grand_total', 'unit') then row_number end) over (
            partition by source_table_id, column_number
            order by row_number
            rows between unbounded preceding and current row
        ) as nearest_row_number,
        max(case when row_role <> 'code' then row_number end) over (
            partition by source_table_id, column_number
            order by row_number
            rows between unbounded preceding and current row
        ) as sum_above_row_number,
        max(case when row_role = 'subtotal' then row_number end) over (
            partition by source_table_id, column_number
            order by row_number
            rows between unbounded preceding and current row
        ) as subtotal_row_number
    from amounts

),

-- With a total row and at most one unit the projects add up to the total;
-- otherwise each block adds up to the unit that heads it.
shapes as (

    select
        source_table_id,
        min(case when row_role in ('total', 'grand_total') then row_number end) as total_row_number,
        count(distinct case when row_role = 'unit' then row_number end) as unit_row_count
    from amounts
    group by source_table_id

),

headed as (

    select
        project_rows.*,
        case
            when shapes.total_row_number is not null and shapes.unit_row_count <= 1
                then shapes.total_row_number
            else project_rows.nearest_row_number
        end as head_row_number
    from project_rows
    inner join shapes on project_rows.source_table_id = shapes.source_table_id

),

terms as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }})
        || '/' || cast(head_row_number as {{ dbt.type_string() }}) as identity_key,
        'term' as term_role
    from headed
    where row_role = 'code' and head_row_number is not null

    union all

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }})
        || '/' || cast(subtotal_row_number as {{ dbt.type_string() }}) as identity_key,
        'term' as term_role
    from headed
    where row_role = 'code' and subtotal_row_number = sum_above_row_number

),

totals as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }})
        || '/' || cast(row_number as {{ dbt.type_string() }}) as identity_key,
        'total' as term_role
    from amounts
    where row_role in ('total', 'grand_total', 'unit', 'subtotal')

),

cells as (

    {{ both_sides("'total'") }}

)

{{ rule_columns('project_total', 'cells') }}
