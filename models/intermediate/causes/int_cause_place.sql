-- Where a cause stands, in words: the cells it blames with what is printed and what
-- arithmetic asks for, the other cells that could be wrong instead, or the totals
-- that fail. One row per cause that names a cell.
with

cause_cells as (

    select named.*
    from {{ ref('int_cause_cell') }} as named
    inner join {{ ref('int_cause') }} as causes on named.cause_key = causes.cause_key
    where named.cell_role in ('suspect', 'total') or causes.cause_kind = 'rounded_apart'

),

cells as (

    select * from {{ ref('stg_cell') }}

),

tables as (

    select * from {{ ref('int_table') }}

),

statements as (

    select * from {{ ref('statement') }}

),

placed as (

    select
        cause_cells.cause_key,
        cause_cells.cell_id,
        cause_cells.cell_role,
        cause_cells.place,
        cells.source_table_id,
        cells.page,
        cells.line,
        tables.has_secrecy_note,
        cells.is_recognised,
        statements.name_zh as statement_name,
        row_number() over (
            partition by cause_cells.cause_key, coalesce(cause_cells.place, 1) > 1
            order by
                cause_cells.place nulls last, statements.sort_order nulls last,
                cells.row_number, cells.column_number
        ) as cell_rank,
        coalesce(statements.name_zh, tables.title, '') || ' '
        || coalesce(
            '第' || cast(cells.page as {{ dbt.type_string() }}) || '页',
            '第' || cast(cells.line as {{ dbt.type_string() }}) || '行',
            '表内第' || cast(cells.row_number + 1 as {{ dbt.type_string() }}) || '行'
        )
        || coalesce(' ' || {{ trimmed('amounts.row_name') }}, '')
        || case when amounts.measure <> 'total' then '，' || measures.name_zh else '' end
        || case when amounts.fund <> 'all' then '，' || funds.name_zh else '' end
        || ' “' || {{ trimmed('cells.printed_text') }} || '”' as printed_place,
        case
            when cause_cells.expected_yuan is not null
                then '应为“' || {{ format_in_unit('cause_cells.expected_yuan', 'tables.amount_unit') }} || '”'
            else ''
        end as expected_text
    from cause_cells
    inner join cells on cause_cells.cell_id = cells.cell_id
    inner join tables on cells.source_table_id = tables.source_table_id
    left join statements on tables.statement = statements.statement
    left join {{ ref('int_printed_amount') }} as amounts on cause_cells.cell_id = amounts.cell_id
    left join {{ ref('measure') }} as measures on amounts.measure = measures.measure
    left join {{ ref('fund') }} as funds on amounts.fund = funds.fund

),

-- Four places are named; more would hide them.
named as (

    select
        cause_key,
        {{ string_aggregate(
            "case when coalesce(place, 1) = 1 and cell_rank <= 4 then printed_place || expected_text end",
            "'；'", 'cell_rank'
        ) }} as blamed_places,
        {{ string_aggregate(
            "case when place > 1 and cell_rank <= 3 then printed_place || expected_text end",
            "'；'", 'cell_rank'
        ) }} as other_places
    from placed
    group by cause_key

),

counted as (

    select
        cause_key,
        count(case when coalesce(place, 1) = 1 then 1 end) as blamed_count,
        count(case when place > 1 then 1 end) as other_count,
        min(case when coalesce(place, 1) = 1 then source_table_id end) as source_table_id,
        min(case when coalesce(place, 1) = 1 then statement_name end) as statement_name,
        min(case when coalesce(place, 1) = 1 then page end) as page,
        min(case when coalesce(place, 1) = 1 then line end) as line,
        coalesce(max(case when has_secrecy_note then 1 else 0 end), 0) = 1 as has_secrecy_note,
        coalesce(max(case when is_recognised then 1 else 0 end), 0) = 1 as is_recognised
    from placed
    group by cause_key

)

select
    counted.*,
    named.blamed_places || case when counted.blamed_count > 4 then ' 等' else '' end as blamed_places,
    named.other_places || case when counted.other_count > 3 then ' 等 ' || cast(counted.other_count as {{ dbt.type_string() }}) || ' 处' else '' end
        as other_places
from counted
inner join named on counted.cause_key = named.cause_key
