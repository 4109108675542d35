-- 同一行内：年初结转和结余加本年收入，等于本年支出加年末结转和结余。
-- Within a row of final accounts: what was left at the start of the year and this
-- year's revenue equal this year's expenditure and what is left at the end.
with

amounts as (

    select *
    from {{ ref('int_amount') }}
    where
        fact = 'functional'
        and family <> 'balance'
        and measure = 'total'
        and row_role in ('code', 'total', 'grand_total')
        and not coalesce(is_repeated, false)

),

parts as (

    select
        *,
        case
            when side = 'carryover_out' then 'left_at_end'
            when year_basis = 'carryover' then 'left_at_start'
            when side = 'revenue' then 'received'
            when side = 'expenditure' then 'spent'
        end as part,
        source_table_id || '/' || cast(pane_number as {{ dbt.type_string() }})
        || '/' || fund || '/' || phase as block_key
    from amounts

),

-- The first column of each part; 其中 and kinds of expenditure follow it.
columns as (

    select
        block_key,
        part,
        min(column_number) as column_number
    from parts
    where part is not null
    group by block_key, part

),

-- A column of what is left may be blank, but it must be there.
closed_tables as (

    select distinct source_table_id
    from {{ ref('int_column') }}
    where column_role = 'amount' and side = 'carryover_out'

),

complete as (

    select block_key
    from columns
    group by block_key
    having count(case when part in ('received', 'spent') then 1 end) = 2

),

lines as (

    select
        parts.*,
        parts.block_key || '/' || cast(parts.row_number as {{ dbt.type_string() }}) as identity_key,
        coalesce(parts.tree_code, parts.row_role) as subject_code,
        1 as sign,
        case when parts.part in ('left_at_start', 'received') then 'total' else 'term' end as term_role
    from parts
    inner join columns
        on
            parts.block_key = columns.block_key
            and parts.part = columns.part
            and parts.column_number = columns.column_number
    inner join complete on parts.block_key = complete.block_key
    inner join closed_tables on parts.source_table_id = closed_tables.source_table_id

),

cells as (

    {{ of_two_sides('lines') }}

)

{{ rule_columns('year_balance', 'cells') }}
