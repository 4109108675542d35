{# What rules, formulas and citations have in common: they stand in running text or in
   one cell of a table. #}

{# Where one stands: the cell of a table, or the span of running text by the paragraph it
   begins in; the table is NULL in running text. Of `source` and `documents`. #}
{% macro policy_place() -%}
    {%- set string, row = dbt.type_string(), adapter.quote('row') %}
        case
            when source.{{ row }} is null
                then documents.document_id || '-p' || cast(source.block as {{ string }})
                    || '-c' || cast(source.character_start as {{ string }})
            else documents.document_id || '-t' || cast(source.block as {{ string }})
                || '-r' || cast(source.{{ row }} as {{ string }})
                || '-c' || cast(source.{{ adapter.quote('column') }} as {{ string }})
        end as cell_id,
        case
            when source.{{ row }} is not null
                then documents.document_id || '-t' || cast(source.block as {{ string }})
        end as source_table_id,
        source.block,
        source.character_start,
        source.end_block,
        source.character_end,
        source.page,
        source.line,
        source.printed_text
{%- endmacro %}

{# Four factors multiplied, exactly: amounts of up to nine digits before the point times
   counts; NULL beyond. #}
{% macro product_of(first, second, third, fourth) -%}
    try_cast(
        try_cast(
            try_cast(try_cast({{ first }} as decimal(20, 8)) * try_cast({{ second }} as decimal(18, 6)) as decimal(26, 8))
            * try_cast({{ third }} as decimal(12, 4)) as decimal(26, 8)
        )
        * try_cast({{ fourth }} as decimal(12, 4)) as decimal(26, 8)
    )
{%- endmacro %}

{# Four printed numbers multiplied, and half a unit of the product: what the last place of
   each leaves open. Aggregates the terms of one product. #}
{% macro policy_factors(value) -%}
    {%- for factor in range(4) %}
    coalesce(max(case when factor_number = {{ factor }} then {{ value }} end), {{ 1 if value == 'term_value' else 0 }}) as {{ value }}_{{ factor }}
    {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}

{% macro half_unit_of_product() -%}
    {%- set values = ['abs(term_value_0)', 'abs(term_value_1)', 'abs(term_value_2)', 'abs(term_value_3)'] %}
    {{ product_of('half_value_0', values[1], values[2], values[3]) }}
    + {{ product_of('half_value_1', values[0], values[2], values[3]) }}
    + {{ product_of('half_value_2', values[0], values[1], values[3]) }}
    + {{ product_of('half_value_3', values[0], values[1], values[2]) }}
{%- endmacro %}

{# The identities of formulas in money: the result, the products, and with sign 0 the
   other numbers that are multiplied. #}
{% macro formula_identity_cells(condition) -%}
formulas as (

    select * from {{ ref('int_formula') }} as formulas
    where
        formulas.is_money
        and formulas.printed_value is not null
        and {{ condition }}

),

products as (

    select * from {{ ref('int_formula_product') }} where product_value is not null

),

terms as (

    select * from {{ ref('stg_formula_term') }}

),

cells as (

    select
        formula_id,
        cell_id,
        case side when 'result' then 'total' else 'term' end as term_role,
        sign,
        product_value as amount_yuan,
        half_unit_value as half_unit_yuan
    from products

    union all

    select
        formula_id,
        cell_id,
        'term' as term_role,
        0 as sign,
        cast(0 as decimal(20, 4)) as amount_yuan,
        cast(0 as decimal(20, 8)) as half_unit_yuan
    from terms
    where factor_number > 0 or term_role = 'divisor'

),

identity_cells as (

    select
        formulas.formula_id as identity_key,
        formulas.document_id,
        cast(null as {{ dbt.type_string() }}) as statement,
        'formula' as subject_code,
        'total' as measure,
        'all' as fund,
        'all' as year_basis,
        cast(null as {{ dbt.type_string() }}) as phase,
        cells.cell_id,
        cells.term_role,
        cells.sign,
        cells.amount_yuan,
        cells.half_unit_yuan
    from formulas
    inner join cells on formulas.formula_id = cells.formula_id

)
{%- endmacro %}

{# Whether a path of headings begins with that of a project text within a budget. #}
{% macro is_project_text_path(section_path) -%}
    coalesce({{ regex_matches(section_path, "'^[^/]*项目[^/]{0,4}(情况说明|文本)'") }}, false)
{%- endmacro %}

{# A number without the zeros behind its point. #}
{% macro plain_number(value) -%}
    {{ regex_replace("cast(" ~ value ~ " as " ~ dbt.type_string() ~ ")", "'[.]?0+$'", "''") }}
{%- endmacro %}

{# Rules of running text whose failing identities are findings by themselves: nothing is
   blamed by comparing them with others. #}
{% macro policy_rules() -%}
    ('text_formula', 'text_total', 'standard_amount')
{%- endmacro %}
