{# Names of organisations as documents print them. #}

{# The longest way to write its region that each name of `names` begins with: 长治市屯留区
   of 长治市屯留区水利局. One row per key of `keys` with such a beginning. 人民政府 of a
   county itself keeps its region: nothing else would be left. #}
{% macro region_prefix_lengths(names, name, keys) -%}
    select
        {% for key in keys -%}
        names.{{ key }},
        {% endfor -%}
        max(length(prefixes.prefix)) as prefix_length
    from {{ names }} as names
    inner join {{ ref('int_region_prefix') }} as prefixes
        on
            names.region_code = prefixes.region_code
            and names.{{ name }} like prefixes.prefix || '%'
    where length(names.{{ name }}) - length(prefixes.prefix) >= 2
    group by {% for key in keys %}names.{{ key }}{{ ', ' if not loop.last }}{% endfor %}
{%- endmacro %}

{# A name without its region and without brackets, so that 长治市屯留区水利局(本级) and
   屯留区水利局本级 are one. #}
{% macro name_without_region(name, prefix_length) -%}
    {{ regex_replace("substr(" ~ name ~ ", coalesce(" ~ prefix_length ~ ", 0) + 1)", "'[()]'", "''") }}
{%- endmacro %}
