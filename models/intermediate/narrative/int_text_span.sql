-- Spans of running text that something refers to: figures, and what citations, standards
-- and formulas print. Where two begin at one place, that of the figure counts. One row per
-- span.
with

figures as (

    select
        cell_id,
        document_id,
        block,
        character_start,
        end_block,
        character_end,
        page,
        line,
        printed_text,
        case when amount_yuan is not null then value_unit end as amount_unit
    from {{ ref('int_narrative_figure') }}

),

policy_spans as (

    select
        cell_id,
        document_id,
        block,
        character_start,
        end_block,
        character_end,
        page,
        line,
        printed_text,
        cast(null as {{ dbt.type_string() }}) as amount_unit
    from {{ ref('int_policy_cell') }}

)

select * from figures
union all
select * from policy_spans
where cell_id not in (select figures.cell_id from figures)
