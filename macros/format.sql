{# 元 as auditors write it: 104.00万元 from ten thousand up, 元 below. #}
{% macro format_yuan(amount) -%}
    case
        when abs({{ amount }}) >= 10000
            then {{ regex_replace(
                "cast(cast(" ~ amount ~ " * cast(0.0001 as decimal(5, 4)) as decimal(20, 6)) as " ~ dbt.type_string() ~ ")",
                "'(\\.[0-9]{2}[0-9]*?)0+$'", "'\\1'"
            ) }} || '万元'
        else {{ regex_replace(
            "cast(cast(" ~ amount ~ " as decimal(20, 4)) as " ~ dbt.type_string() ~ ")",
            "'(\\.[0-9]{2}[0-9]*?)0+$'", "'\\1'"
        ) }} || '元'
    end
{%- endmacro %}

{# The models of the arithmetic rules, in the order of the catalogue. #}
{% macro rule_models() -%}
    {{ return([
        'functional_children', 'economic_children', 'functional_total', 'economic_total',
        'economic_kind_total', 'unit_total', 'unit_parts', 'project_total', 'row_parts',
        'balance_sides', 'balance_revenue', 'balance_source_parts', 'balance_grand_total',
        'carryover_parts', 'same_figure', 'revenue_statement', 'functional_economic',
        'project_expenditure', 'department_government', 'department_government_total',
        'three_public_parts', 'revenue_children', 'revenue_total',
    ]) }}
{%- endmacro %}

{# A short stable identifier from a key. #}
{% macro short_id(prefix, key) -%}
    '{{ prefix }}' || substr(md5({{ key }}), 1, 16)
{%- endmacro %}
