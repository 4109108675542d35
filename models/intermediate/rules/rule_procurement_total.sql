-- 政府采购明细表：合计（或单位小计、货物等小计）等于其下各采购项目之和。
-- A list of purchases: the nearest line above that sums up, 货物 or a unit, equals the
-- purchases below it; without such lines the total does.
with

amounts as (

    select
        amounts.*,
        purchases.source_table_id is not null as is_purchase
    from {{ ref('int_amount') }} as amounts
    left join {{ ref('int_purchase') }} as purchases
        on
            amounts.source_table_id = purchases.source_table_id
            and amounts.row_number = purchases.row_number
            and amounts.pane_number = purchases.pane_number
    where amounts.fact = 'procurement' and amounts.statement = 'procurement'

),

-- With a total and at most one unit the purchases add up to the total.
shapes as (

    select
        source_table_id,
        min(case when row_role in ('total', 'grand_total') then row_number end) as total_row_number,
        count(distinct case when row_role = 'unit' then row_number end)
        + count(distinct case when row_role = 'code' and not is_purchase then row_number end) as head_count
    from amounts
    group by source_table_id

),

headed as (

    select
        amounts.*,
        case
            when shapes.total_row_number is not null and shapes.head_count <= 1
                then shapes.total_row_number
            else
                max(case when not amounts.is_purchase then amounts.row_number end) over (
                    partition by amounts.source_table_id, amounts.column_number
                    order by amounts.row_number
                    rows between unbounded preceding and current row
                )
        end as head_row_number
    from amounts
    inner join shapes on amounts.source_table_id = shapes.source_table_id

),

terms as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }})
        || '/' || cast(head_row_number as {{ dbt.type_string() }}) as identity_key,
        'term' as term_role
    from headed
    where is_purchase and head_row_number is not null

),

totals as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }})
        || '/' || cast(row_number as {{ dbt.type_string() }}) as identity_key,
        'total' as term_role
    from amounts
    where not is_purchase

),

cells as (

    {{ both_sides("'total'") }}

)

{{ rule_columns('procurement_total', 'cells') }}
