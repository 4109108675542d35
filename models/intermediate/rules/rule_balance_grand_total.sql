-- 收支总表：总计等于本年合计加上年结转（收入方），或加结转下年、结余分配（支出方）。
-- A balance: the grand total of a side equals the year's total plus what is
-- carried over into (out of) the year and the other lines of the side.
with

amounts as (

    select
        *,
        coalesce({{ regex_matches('row_name', "'其中'") }}, false) as is_part
    from {{ ref('int_amount') }}
    where family = 'balance' and side in ('revenue', 'expenditure')

),

lines as (

    select
        *,
        source_table_id || '/' || side || '/' || cast(column_number as {{ dbt.type_string() }})
            as identity_key,
        'grand_total' as subject_code,
        1 as sign,
        case
            when label_kind = 'total' and row_role = 'grand_total' then 'total'
            when label_kind = 'total' and row_role = 'total' then 'term'
            -- 其中：… is inside the line above it
            when label_kind = 'balance_item' and not is_part then 'term'
        end as term_role
    from amounts

),

-- Both the grand total and the year's total must be printed.
complete as (

    select identity_key
    from lines
    group by identity_key
    having
        count(case when term_role = 'total' then 1 end) = 1
        and count(case when label_kind = 'total' and row_role = 'total' then 1 end) = 1

),

cells as (

    select lines.*
    from lines
    inner join complete on lines.identity_key = complete.identity_key
    where lines.term_role is not null

)

{{ rule_columns('balance_grand_total', 'cells') }}
