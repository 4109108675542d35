{# Text functions that engines spell differently, and the folding of print. #}

{% macro regex_matches(text, pattern) -%}
    {{ return(adapter.dispatch('regex_matches')(text, pattern)) }}
{%- endmacro %}
{% macro default__regex_matches(text, pattern) -%}
    regexp_matches({{ text }}, {{ pattern }})
{%- endmacro %}
{% macro spark__regex_matches(text, pattern) -%}
    {{ text }} rlike {{ pattern }}
{%- endmacro %}

{% macro regex_extract(text, pattern, group) -%}
    {{ return(adapter.dispatch('regex_extract')(text, pattern, group)) }}
{%- endmacro %}
{% macro default__regex_extract(text, pattern, group) -%}
    nullif(regexp_extract({{ text }}, {{ pattern }}, {{ group }}), '')
{%- endmacro %}

{% macro regex_replace(text, pattern, replacement) -%}
    {{ return(adapter.dispatch('regex_replace')(text, pattern, replacement)) }}
{%- endmacro %}
{% macro default__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }}, 'g')
{%- endmacro %}
{% macro spark__regex_replace(text, pattern, replacement) -%}
    regexp_replace({{ text }}, {{ pattern }}, {{ replacement }})
{%- endmacro %}

{% macro string_aggregate(expression, separator, order_by) -%}
    {{ return(adapter.dispatch('string_aggregate')(expression, separator, order_by)) }}
{%- endmacro %}
{% macro default__string_aggregate(expression, separator, order_by) -%}
    string_agg({{ expression }}, {{ separator }} order by {{ order_by }})
{%- endmacro %}
{% macro spark__string_aggregate(expression, separator, order_by) -%}
    array_join(
        transform(
            array_sort(collect_list(struct({{ order_by }} as o, {{ expression }} as e))),
            x -> x.e
        ),
        {{ separator }}
    )
{%- endmacro %}

{# Full-width digits, letters and signs as half-width ones; blanks stay. #}
{% macro half_width(text) -%}
    translate(
        {{ text }},
        '０１２３４５６７８９．，（）－＋％＝：【】〔〕［］　−–',
        '0123456789.,()-+%=:()()() --'
    )
{%- endmacro %}

{# A printed label for comparison: half-width, without tags (<b>合计</b>), blanks
   and quotes. #}
{% macro fold_label(text) -%}
    {{ regex_replace(half_width(text), "'</?[A-Za-z][^<>]{0,38}>|[\\s“”\"‘’「」《》\\x{00a0}\\x{200b}\\x{feff}]+'", "''") }}
{%- endmacro %}

{# A folded label without its leading number (一、 （一） 1. ① 其中：). #}
{% macro strip_ordinal(folded) -%}
    {{ regex_replace(
        folded,
        "'^(其中:|[①②③④⑤⑥⑦⑧⑨⑩]|\\([一二三四五六七八九十]+\\)|[一二三四五六七八九十]+[、.．]|\\(?[0-9]{1,2}[、.)．])+'",
        "''"
    ) }}
{%- endmacro %}

{# The last value that is not NULL, up to the current row. #}
{% macro last_known(expression, partition_by, order_by) -%}
    {{ return(adapter.dispatch('last_known')(expression, partition_by, order_by)) }}
{%- endmacro %}
{% macro default__last_known(expression, partition_by, order_by) -%}
    last_value({{ expression }} ignore nulls) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}
{% macro spark__last_known(expression, partition_by, order_by) -%}
    last_value({{ expression }}, true) over (
        partition by {{ partition_by }}
        order by {{ order_by }}
        rows between unbounded preceding and current row
    )
{%- endmacro %}

{# One row for each part of a separated text. #}
{% macro split_rows(text, separator) -%}
    {{ return(adapter.dispatch('split_rows')(text, separator)) }}
{%- endmacro %}
{% macro default__split_rows(text, separator) -%}
    unnest(string_split({{ text }}, {{ separator }}))
{%- endmacro %}
{% macro spark__split_rows(text, separator) -%}
    explode(split({{ text }}, {{ separator }}))
{%- endmacro %}

{# Chinese digits as digits: 二〇二四年十二月五日 gives 2024年十2月5日. #}
{% macro digits_of_han(text) -%}
    translate({{ text }}, '〇○零一二三四五六七八九', '000123456789')
{%- endmacro %}

{# A number below a hundred after `digits_of_han`: 十2 is 12, 2十 is 20, 3 is 3. #}
{% macro number_of_han(text) -%}
    case
        when {{ text }} like '%十%'
            then cast(
                10 * coalesce(try_cast({{ regex_extract(text, "'^([0-9])十'", 1) }} as integer), 1)
                + coalesce(try_cast({{ regex_extract(text, "'十([0-9])$'", 1) }} as integer), 0)
                as {{ dbt.type_string() }}
            )
        else {{ text }}
    end
{%- endmacro %}

{# A date as text, 2024-02-05, from its printed parts; NULL where there is no such day. #}
{% macro iso_date(year, month, day) -%}
    cast(
        try_cast(
            {{ year }} || '-' || lpad({{ month }}, 2, '0') || '-' || lpad({{ day }}, 2, '0') as date
        ) as {{ dbt.type_string() }}
    )
{%- endmacro %}
