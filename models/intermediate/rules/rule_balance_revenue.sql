-- 收支总表收入方：本年收入合计等于各项收入来源之和（其中项不重复计入）。
-- The revenue side of a balance: the year's total equals the sum of the printed
-- sources; a source inside another printed one is not counted twice.
with

amounts as (

    select * from {{ ref('int_amount') }} where family = 'balance' and side = 'revenue'

),

funds as (

    select * from {{ ref('int_fund_ancestor') }}

),

sources as (

    select * from amounts where fact = 'revenue' and label_kind = 'revenue_source'

),

inner_sources as (

    select distinct sources.cell_id
    from sources
    inner join funds on sources.fund = funds.fund
    inner join sources as outer_sources
        on
            sources.source_table_id = outer_sources.source_table_id
            and sources.column_number = outer_sources.column_number
            and funds.ancestor = outer_sources.fund

),

carryovers as (

    select distinct source_table_id, column_number
    from amounts
    where fact = 'balance_item' and amount_yuan <> 0

),

total_rows as (

    select
        amounts.*,
        row_number() over (
            partition by amounts.source_table_id, amounts.column_number
            order by case amounts.row_role when 'total' then 0 else 1 end, amounts.row_number
        ) as total_rank
    from amounts
    left join carryovers
        on
            amounts.source_table_id = carryovers.source_table_id
            and amounts.column_number = carryovers.column_number
    where
        amounts.fact = 'revenue'
        and amounts.label_kind = 'total'
        and (amounts.row_role = 'total' or carryovers.source_table_id is null)

),

totals as (

    select
        *,
        source_table_id || '/' || cast(column_number as {{ dbt.type_string() }}) as identity_key,
        'total' as subject_code,
        'total' as term_role,
        1 as sign
    from total_rows
    where total_rank = 1

),

terms as (

    select
        sources.*,
        sources.source_table_id || '/' || cast(sources.column_number as {{ dbt.type_string() }})
            as identity_key,
        'total' as subject_code,
        'term' as term_role,
        1 as sign
    from sources
    where sources.cell_id not in (select inner_sources.cell_id from inner_sources)

),

cells as (

    {{ both_sides("subject_code") }}

)

{{ rule_columns('balance_revenue', 'cells') }}
