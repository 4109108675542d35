-- 上年结转等于其下按资金来源列示的各项之和。
-- What is carried over equals the sum of the sources printed below it.
with

items as (

    select * from {{ ref('int_amount') }}
    where family = 'balance' and fact = 'balance_item' and item = 'carryover_in'

),

cells as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }}) as identity_key,
        'carryover_in' as subject_code,
        case label_kind when 'balance_item' then 'total' else 'term' end as term_role,
        1 as sign,
        count(case when label_kind = 'balance_item' then 1 end) over (
            partition by source_table_id, column_number
        ) as total_count,
        count(case when label_kind = 'revenue_source' then 1 end) over (
            partition by source_table_id, column_number
        ) as term_count
    from items

),

complete as (

    select * from cells where total_count = 1 and term_count > 0

)

{{ rule_columns('carryover_parts', 'complete') }}
