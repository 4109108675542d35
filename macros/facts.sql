{# The columns that every amount fact carries, from int_amount as `amounts`,
   joined to units and proofs. #}
{% macro fact_columns() -%}
    amounts.cell_id,
    amounts.document_id,
    amounts.source_table_id,
    units.unit_id,
    amounts.unit_code,
    amounts.unit_name,
    cast(amounts.fiscal_year as integer) as fiscal_year,
    amounts.stage,
    amounts.statement,
    amounts.row_role,
    amounts.measure,
    amounts.fund,
    amounts.year_basis,
    amounts.phase,
    amounts.amount_yuan,
    amounts.half_unit_yuan,
    proofs.proof
{%- endmacro %}

{% macro fact_joins() -%}
    left join {{ ref('int_unit') }} as units
        on {{ fold_label('amounts.unit_name') }} = units.folded_name
    inner join {{ ref('int_cell_proof') }} as proofs
        on amounts.cell_id = proofs.cell_id
{%- endmacro %}
