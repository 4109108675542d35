{# The printed number in a cell, and what is a sign for no amount. #}

{# Blanks of every kind, also those that web pages print. #}
{% macro blanks() -%}
    [\s\x{00a0}\x{2000}-\x{200f}\x{202f}\x{205f}\x{2060}\x{3000}\x{feff}]
{%- endmacro %}

{# Half-width, blanks around it and beside separators gone (`4, 675. 21`). #}
{% macro number_text(text) -%}
    {{ regex_replace(
        regex_replace(half_width(text), "'^" ~ blanks() ~ "+|" ~ blanks() ~ "+$'", "''"),
        "'" ~ blanks() ~ "*([,.])" ~ blanks() ~ "*'",
        "'\\1'"
    ) }}
{%- endmacro %}

{# The units of amounts, as the alternatives of a pattern; the longer ones first. #}
{% macro unit_words() -%}
    亿元|百万元|万元|千元|百元|元
{%- endmacro %}

{# The unit that a number prints beside itself: `12.10万元`, `1720.00万`, `¥520.50`
   states none. NULL when there is none. #}
{% macro unit_of_number(text) -%}
    {{ regex_replace(
        regex_extract(text, "'[0-9)]\\s*(" ~ unit_words() ~ "|万|亿)$'", 1),
        "'^([万亿])$'",
        "'\\1元'"
    ) }}
{%- endmacro %}

{# A number text without the sign of the currency and the unit beside it. #}
{% macro bare_number(text) -%}
    {{ regex_replace(
        regex_replace(text, "'^(?:人民币|[¥￥])\\s*'", "''"),
        "'([0-9)])\\s*(?:" ~ unit_words() ~ "|万|亿)$'",
        "'\\1'"
    ) }}
{%- endmacro %}

{% macro number_pattern() -%}
    {%- set digits = '(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.[0-9]+)?' -%}
    '^(?:-? ?{{ digits }}|\( ?{{ digits }} ?\))$'
{%- endmacro %}

{% macro is_number_text(text) -%}
    {{ regex_matches(text, number_pattern()) }}
{%- endmacro %}

{# Exact decimal of a number text; NULL when no amount is that long. Narrow enough
   that it can be multiplied by every unit without overflow. #}
{% macro number_value(text) -%}
    case when {{ regex_matches(text, "'^[(-]'") }} then -1 else 1 end
    * try_cast({{ regex_replace(text, "'[(), -]'", "''") }} as decimal(28, 8))
{%- endmacro %}

{# How many decimal places a number text prints. #}
{% macro number_scale(text) -%}
    length(coalesce({{ regex_extract(text, "'\\.([0-9]+)'", 1) }}, ''))
{%- endmacro %}

{# Print that stands for no amount: blank or dashes. #}
{% macro is_blank_amount(text) -%}
    {{ regex_matches(text, "'^[-—－–/／\\s]*$'") }}
{%- endmacro %}

{# Ten to the minus scale, halved: the rounding bound of one printed number. #}
{% macro half_unit(scale, factor) -%}
    cast(
        cast({{ factor }} as decimal(20, 0))
        * case {{ scale }}
            when 0 then cast(0.5 as decimal(18, 10))
            when 1 then cast(0.05 as decimal(18, 10))
            when 2 then cast(0.005 as decimal(18, 10))
            when 3 then cast(0.0005 as decimal(18, 10))
            when 4 then cast(0.00005 as decimal(18, 10))
            when 5 then cast(0.000005 as decimal(18, 10))
            when 6 then cast(0.0000005 as decimal(18, 10))
            else cast(0 as decimal(18, 10))
        end as decimal(20, 8)
    )
{%- endmacro %}

{# A share with four places, exact and never rounded up: 1 means all of them. #}
{% macro share(part, whole) -%}
    {{ return(adapter.dispatch('share')(part, whole)) }}
{%- endmacro %}
{% macro default__share(part, whole) -%}
    cast(
        cast((10000 * ({{ part }})) // ({{ whole }}) as decimal(5, 0)) * cast(0.0001 as decimal(5, 4))
        as decimal(5, 4)
    )
{%- endmacro %}
{% macro spark__share(part, whole) -%}
    cast(
        cast((10000 * ({{ part }})) div ({{ whole }}) as decimal(5, 0)) * cast(0.0001 as decimal(5, 4))
        as decimal(5, 4)
    )
{%- endmacro %}
