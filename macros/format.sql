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

{# An amount in yuan as a table prints it that counts in this unit: 104.00 in 万元. #}
{% macro format_in_unit(amount, unit) -%}
    {{ regex_replace(
        "cast(cast(cast(" ~ amount ~ " as decimal(22, 4)) * case " ~ unit
        ~ " when '亿元' then cast(0.00000001 as decimal(9, 8)) when '百万元' then cast(0.000001 as decimal(9, 8))"
        ~ " when '万元' then cast(0.0001 as decimal(9, 8)) when '千元' then cast(0.001 as decimal(9, 8))"
        ~ " when '百元' then cast(0.01 as decimal(9, 8)) else cast(1 as decimal(9, 8)) end as decimal(30, 8)) as "
        ~ dbt.type_string() ~ ")",
        "'(\\.[0-9]{2}[0-9]*?)0+$'", "'\\1'"
    ) }}
{%- endmacro %}

{# A number of things without the zeros behind its point: 5, 1200.5. #}
{% macro format_quantity(quantity) -%}
    {{ regex_replace(
        "cast(cast(" ~ quantity ~ " as decimal(20, 4)) as " ~ dbt.type_string() ~ ")",
        "'\\.?0+$'", "''"
    ) }}
{%- endmacro %}

{# The models of the arithmetic rules, in the order of the catalogue. #}
{% macro rule_models() -%}
    {{ return([
        'functional_children', 'economic_children', 'functional_total', 'economic_total',
        'economic_kind_total', 'unit_total', 'unit_parts', 'project_total', 'row_parts',
        'balance_sides', 'balance_revenue', 'balance_source_parts', 'balance_grand_total',
        'carryover_parts', 'same_figure', 'revenue_statement', 'functional_economic',
        'project_expenditure', 'department_government', 'department_government_total',
        'three_public_parts', 'revenue_children', 'revenue_total', 'functional_leaves',
        'functional_leaves_total', 'economic_leaves_total', 'row_leaves', 'balance_leaves',
        'year_balance', 'carryover_year', 'economic_class', 'personnel_operating',
        'same_economic', 'same_three_public', 'economic_summary', 'department_government_class',
        'three_public_economic', 'target_funding_parts', 'target_project',
        'published_before', 'unit_documents', 'department_documents', 'economic_kind_leaves',
        'balance_kinds', 'procurement_parts', 'procurement_total',
    ]) }}
{%- endmacro %}

{# The arithmetic rules of running text. The text is a witness: its identities prove no
   cell of a table and take no part in the search for causes. #}
{% macro narrative_rule_models() -%}
    {{ return([
        'narrative_table', 'narrative_target', 'narrative_parts', 'narrative_change',
        'narrative_share', 'narrative_growth', 'narrative_completion', 'narrative_sign',
        'narrative_copy', 'text_formula', 'text_total', 'standard_amount',
    ]) }}
{%- endmacro %}

{# A short stable identifier from a key. #}
{% macro short_id(prefix, key) -%}
    '{{ prefix }}' || substr(md5({{ key }}), 1, 16)
{%- endmacro %}
