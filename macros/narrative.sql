{# Running text: names of codes, and which figures can be compared. #}

{# The name of a code as running text gives it, without 类, 款, 项 in brackets. #}
{% macro narrative_code_name(text) -%}
    {{ regex_replace(strip_ordinal(fold_label(text)), "'\\((?:类|款|项|目)级?(?:科目)?\\)'", "''") }}
{%- endmacro %}

{# Among kinds of basic expenditure (人员经费 … 住房公积金) a name is that of an economic
   code, elsewhere of a functional one. #}
{% macro prefers_economic(prefix) -%}
    coalesce({{ prefix }}.measure in (
        'personnel', 'operating', 'wages_welfare', 'individuals_families', 'goods_services', 'capital'
    ), false)
{%- endmacro %}

{# Figures of running text beside the amounts of tables that they are held against: the
   figure is the total, the cells of the table are its terms. #}
{% macro narrative_equals_table(rule_id) -%}
with

matches as (

    select
        *,
        cell_id || '/' || subject_code as identity_key
    from {{ ref('int_narrative_match') }}
    where rule_id = '{{ rule_id }}'

),

figures as (

    select * from {{ ref('int_narrative_figure') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

-- The meaning of the identity is that of the table.
totals as (

    select
        matches.identity_key,
        figures.document_id,
        min(amounts.statement) as statement,
        matches.subject_code,
        min(amounts.measure) as measure,
        min(amounts.fund) as fund,
        min(amounts.year_basis) as year_basis,
        figures.phase,
        figures.cell_id,
        'total' as term_role,
        1 as sign,
        figures.amount_yuan,
        figures.half_unit_yuan
    from matches
    inner join figures on matches.cell_id = figures.cell_id
    inner join amounts on matches.table_cell_id = amounts.cell_id
    group by
        matches.identity_key, figures.document_id, matches.subject_code, figures.phase, figures.cell_id,
        figures.amount_yuan, figures.half_unit_yuan

),

terms as (

    select
        matches.identity_key,
        amounts.document_id,
        amounts.statement,
        matches.subject_code,
        amounts.measure,
        amounts.fund,
        amounts.year_basis,
        amounts.phase,
        amounts.cell_id,
        'term' as term_role,
        1 as sign,
        amounts.amount_yuan,
        amounts.half_unit_yuan
    from matches
    inner join amounts on matches.table_cell_id = amounts.cell_id

),

cells as (

    select * from totals
    union all
    select * from terms

)

{{ rule_columns(rule_id, 'cells') }}
{%- endmacro %}
