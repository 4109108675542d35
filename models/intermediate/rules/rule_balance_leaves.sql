-- 收支总表：总计等于各项收入来源（各类支出）加结转等各行之和，不经本年合计。
-- A balance: the grand total of a side equals its sources (functional classes) and its
-- other lines, past the row of this year's total.
with

amounts as (

    select
        *,
        source_table_id || '/' || side || '/' || cast(column_number as {{ dbt.type_string() }})
            as identity_key
    from {{ ref('int_amount') }}
    where
        family = 'balance'
        and side in ('revenue', 'expenditure')
        and not coalesce(is_repeated, false)

),

funds as (

    select * from {{ ref('int_fund_ancestor') }}

),

parents as (

    select * from {{ ref('int_code_parent') }} where slot = 'main'

),

-- A source inside another printed one, and a code below another, count once.
inner_sources as (

    select distinct amounts.cell_id
    from amounts
    inner join funds on amounts.fund = funds.fund
    inner join amounts as outer_amounts
        on
            amounts.identity_key = outer_amounts.identity_key
            and funds.ancestor = outer_amounts.fund
            and outer_amounts.fact = 'revenue'
            and outer_amounts.label_kind = 'revenue_source'
    where amounts.fact = 'revenue' and amounts.label_kind = 'revenue_source'

),

inner_codes as (

    select distinct amounts.cell_id
    from amounts
    inner join parents
        on
            amounts.source_table_id = parents.source_table_id
            and amounts.tree_code = parents.tree_code
    where amounts.fact = 'functional' and parents.parent_code is not null

),

lines as (

    select
        amounts.*,
        'grand_total' as subject_code,
        1 as sign,
        case
            when amounts.label_kind = 'total' and amounts.row_role = 'grand_total' then 'total'
            when amounts.label_kind = 'total' then null
            when coalesce({{ regex_matches('amounts.row_name', "'其中'") }}, false) then null
            when
                amounts.label_kind = 'balance_item'
                or (
                    amounts.fact = 'revenue' and amounts.label_kind = 'revenue_source'
                    and inner_sources.cell_id is null
                )
                or (
                    amounts.fact = 'functional' and amounts.row_role = 'code'
                    and amounts.tree_code is not null and inner_codes.cell_id is null
                )
                then 'term'
        end as term_role
    from amounts
    left join inner_sources on amounts.cell_id = inner_sources.cell_id
    left join inner_codes on amounts.cell_id = inner_codes.cell_id

),

-- Without a row of this year's total the grand total is summed by another rule.
complete as (

    select identity_key
    from lines
    group by identity_key
    having
        count(case when term_role = 'total' then 1 end) = 1
        and count(case when term_role = 'term' and coalesce(label_kind, '') <> 'balance_item' then 1 end) > 0
        and count(case when label_kind = 'total' and row_role = 'total' then 1 end) = 1

),

cells as (

    select lines.*
    from lines
    inner join complete on lines.identity_key = complete.identity_key
    where lines.term_role is not null

)

{{ rule_columns('balance_leaves', 'cells') }}
