{# The unit that a folded caption line states, NULL when it states none. Names of
   places begin with 元 (编制单位：元氏县…): behind it a line ends, or goes on with
   what captions say. #}
{% macro unit_in_caption(folded) -%}
    coalesce(
        {{ regex_extract(
            folded,
            "'单位(?::|为|\\()?(?:人民币)?((?:亿|百万|万|千|百)元)'",
            1
        ) }},
        {{ regex_extract(
            folded,
            "'单位(?::|为|\\()?(?:人民币)?(元)(?:$|[^\\p{Han}]|[公编填部预单制日年表第金附人角至项科收支本备审报财主会政决合资保])'",
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
