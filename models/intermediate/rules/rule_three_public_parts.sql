-- 三公经费表：合计等于因公出国（境）费、公务接待费、公务用车费之和，公务用车费等于购置费与运行维护费之和。
-- A table that lists the items of 三公 one below the other: an item equals the sum
-- of its parts. A blank part is nothing; where a part has no row of its own the
-- sum is not formed, since its money may stand in the whole alone.
with

amounts as (

    select
        *,
        source_table_id || '/' || cast(coalesce(unit_row_number, -1) as {{ dbt.type_string() }}) as block_key
    from {{ ref('int_amount') }}
    where family = 'three_public'

),

items as (

    select * from {{ ref('three_public_item') }}

),

listed as (

    select distinct
        source_table_id || '/' || cast(coalesce(unit_row_number, -1) as {{ dbt.type_string() }}) as block_key,
        label_value as item
    from {{ ref('int_row') }}
    where label_kind = 'three_public'

),

-- 购置 and 运行 stand directly below the total where no row sums them up.
parents as (

    select
        listed.block_key,
        listed.item,
        case
            when items.parent = 'total' or summed.item is not null then items.parent
            else upper_items.parent
        end as parent
    from listed
    inner join items on listed.item = items.item
    left join items as upper_items on items.parent = upper_items.item
    left join listed as summed
        on listed.block_key = summed.block_key and items.parent = summed.item
    where items.parent is not null

),

complete as (

    select
        block_key,
        parent
    from parents
    group by block_key, parent
    having
        (parent <> 'total' and count(*) = 2)
        or (
            parent = 'total'
            and count(case when item in ('overseas', 'reception') then 1 end) = 2
            and (
                count(case when item = 'vehicles' then 1 end) = 1
                or count(case when item in ('vehicle_purchase', 'vehicle_operation') then 1 end) = 2
            )
        )

),

-- 合计 and 三公经费 may both be printed: each is compared with the same parts.
totals as (

    select
        amounts.*,
        amounts.block_key || '/' || cast(amounts.column_number as {{ dbt.type_string() }})
        || '/' || cast(amounts.row_number as {{ dbt.type_string() }}) as identity_key,
        amounts.item as subject_code,
        'total' as term_role,
        1 as sign
    from amounts
    inner join complete
        on amounts.block_key = complete.block_key and amounts.item = complete.parent
    where amounts.fact = 'three_public'

),

terms as (

    select
        amounts.*,
        totals.identity_key,
        totals.subject_code,
        'term' as term_role,
        1 as sign
    from amounts
    inner join parents
        on amounts.block_key = parents.block_key and amounts.item = parents.item
    inner join totals
        on
            amounts.block_key = totals.block_key
            and amounts.column_number = totals.column_number
            and parents.parent = totals.item
    where amounts.fact = 'three_public'

),

cells as (

    {{ both_sides('subject_code') }}

)

{{ rule_columns('three_public_parts', 'cells') }}
