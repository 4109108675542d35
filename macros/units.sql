{# The unit that a folded caption line states, NULL when it states none. #}
{% macro unit_in_caption(folded) -%}
    coalesce(
        {{ regex_extract(
            folded,
            "'单位(?::|为|\\()?(?:人民币)?(" ~ unit_words() ~ ")'",
            1
        ) }},
        {{ regex_extract(
            folded,
            "'[(](?:人民币)?(" ~ unit_words() ~ ")[)]'",
            1
        ) }},
        {{ regex_extract(folded, "'^(?:人民币)?(" ~ unit_words() ~ ")$'", 1) }}
    )
{%- endmacro %}

{# The unit in the label of one column: `预算数（万元）`. #}
{% macro unit_in_label(label) -%}
    {{ regex_extract(
        fold_label(label),
        "'[(](?:单位:)?(?:人民币)?(" ~ unit_words() ~ ")[)]'",
        1
    ) }}
{%- endmacro %}
