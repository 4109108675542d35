{# What rules, formulas and citations have in common: they stand in running text or in
   one cell of a table. #}

{# The cell of a table, or the span of running text by the paragraph it begins in. #}
{% macro policy_cell_id(document_id) -%}
    case
        when source."row" is null
            then {{ document_id }} || '-p' || cast(source.block as {{ dbt.type_string() }})
                || '-c' || cast(source.character_start as {{ dbt.type_string() }})
        else {{ document_id }} || '-t' || cast(source.block as {{ dbt.type_string() }})
            || '-r' || cast(source."row" as {{ dbt.type_string() }})
            || '-c' || cast(source."column" as {{ dbt.type_string() }})
    end
{%- endmacro %}

{# The table of the cell; NULL in running text. #}
{% macro policy_table_id(document_id) -%}
    case
        when source."row" is not null
            then {{ document_id }} || '-t' || cast(source.block as {{ dbt.type_string() }})
    end
{%- endmacro %}
