-- 收支平衡：收入总计等于支出总计。
-- A balance: the grand total of revenue equals the grand total of expenditure.
with

amounts as (

    select * from {{ ref('int_amount') }}
    where
        family = 'balance'
        and row_role in ('total', 'grand_total')
        and label_kind = 'total'
        and (is_total_column or side = 'revenue' or measure = 'total')

),

ranked as (

    select
        *,
        row_number() over (
            partition by source_table_id, side, phase
            order by
                case row_role when 'grand_total' then 0 else 1 end,
                case when is_total_column then 0 else 1 end,
                column_number,
                row_number
        ) as side_rank,
        max(case when row_role = 'grand_total' then 1 else 0 end) over (
            partition by source_table_id, side, phase
        ) as has_grand_total,
        coalesce(
            min(fund) over (partition by source_table_id, side, phase)
            <> max(fund) over (partition by source_table_id, side, phase),
            false
        ) as has_several_funds
    from amounts

),

sides as (

    select
        *,
        source_table_id || '/' || phase as identity_key,
        'grand_total' as subject_code,
        case side when 'revenue' then 'total' else 'term' end as term_role,
        1 as sign
    from ranked
    where
        side_rank = 1
        and side in ('revenue', 'expenditure')
        -- One fund of several is no side of the whole: the column of all was not read.
        and (is_total_column or not has_several_funds)

),

complete as (

    select identity_key
    from sides
    group by identity_key
    having count(distinct side) = 2 and min(has_grand_total) = max(has_grand_total)

),

cells as (

    select sides.*
    from sides
    inner join complete on sides.identity_key = complete.identity_key

)

{{ rule_columns('balance_sides', 'cells') }}
