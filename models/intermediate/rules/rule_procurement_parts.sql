-- 政府采购表：合计等于货物、工程、服务之和。
-- Government procurement: the total equals goods, works and services, one below the
-- other. With one of the three listed it may be a 其中 that names no more.
with

amounts as (

    select
        amounts.*,
        amounts.source_table_id || '/' || cast(coalesce(amounts.unit_row_number, -1) as {{ dbt.type_string() }})
            as block_key
    from {{ ref('int_amount') }} as amounts
    left join {{ ref('int_purchase') }} as purchases
        on
            amounts.source_table_id = purchases.source_table_id
            and amounts.row_number = purchases.row_number
            and amounts.pane_number = purchases.pane_number
    where amounts.fact = 'procurement' and purchases.source_table_id is null

),

categories as (

    select * from {{ ref('procurement_category') }}

),

-- Also without an amount: a blank line is nothing.
listed as (

    select
        source_table_id || '/' || cast(coalesce(unit_row_number, -1) as {{ dbt.type_string() }}) as block_key,
        count(distinct label_value) as part_count
    from {{ ref('int_row') }}
    where label_kind = 'procurement' and label_value in ('goods', 'works', 'services')
    group by 1

),

totals as (

    select
        amounts.*,
        amounts.block_key || '/' || cast(amounts.column_number as {{ dbt.type_string() }})
        || '/' || cast(amounts.row_number as {{ dbt.type_string() }}) as identity_key,
        'total' as term_role
    from amounts
    inner join listed on amounts.block_key = listed.block_key and listed.part_count > 1
    where amounts.item = 'total'

),

terms as (

    select
        amounts.*,
        totals.identity_key,
        'term' as term_role
    from amounts
    inner join categories on amounts.item = categories.category and categories.parent = 'total'
    inner join totals
        on
            amounts.block_key = totals.block_key
            and amounts.column_number = totals.column_number

),

cells as (

    {{ both_sides("'total'") }}

)

{{ rule_columns('procurement_parts', 'cells') }}
