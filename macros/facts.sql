{# The columns that every amount fact carries, from int_amount as `amounts`,
   joined to units and proofs. #}
{% macro fact_columns() -%}
    amounts.cell_id,
    amounts.document_id,
    amounts.source_table_id,
    units.unit_id,
    coalesce(amounts.unit_code, units.unit_code) as unit_code,
    -- [101001]某局 prints the code of the unit with its name
    case when units.has_code then units.unit_name else amounts.unit_name end as unit_name,
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
    left join {{ ref('int_unit_name') }} as units
        on
            amounts.document_id = units.document_id
            and {{ fold_label('amounts.unit_name') }} = units.folded_name
    -- what was recognised in a picture is a fact only where arithmetic proves it
    inner join (
        select
            cell_id,
            proof
        from {{ ref('int_cell_proof') }}
        where cell_id not in (
            select recognised.cell_id
            from {{ ref('int_recognised_amount') }} as recognised
            where not recognised.is_accepted
        )
    ) as proofs
        on amounts.cell_id = proofs.cell_id
{%- endmacro %}

{# Of the leaves of a table only the widest figures: all money before fiscal
   appropriation before single budgets, and the column of all years before its
   parts; otherwise 合计 and its parts would be summed together. #}
{% macro widest_figures(leaves) -%}
    select *
    from (
        select
            *,
            min(case fund when 'all' then 0 when 'fiscal_appropriation' then 1 else 2 end) over (
                partition by source_table_id
            ) as widest_fund,
            min(case year_basis when 'all' then 0 else 1 end) over (
                partition by source_table_id, fund
            ) as widest_year
        from {{ leaves }}
        where fund <> 'of_which_fiscal_appropriation'
    ) as ranked
    where
        case fund when 'all' then 0 when 'fiscal_appropriation' then 1 else 2 end = widest_fund
        and case year_basis when 'all' then 0 else 1 end = widest_year
{%- endmacro %}

{# The marts that hold printed amounts. #}
{% macro amount_facts() -%}
    {{ return([
        'fct_functional', 'fct_economic', 'fct_revenue', 'fct_balance_item',
        'fct_three_public', 'fct_project', 'fct_target_funding', 'fct_procurement',
    ]) }}
{%- endmacro %}

{# The folded names of functional and economic codes, official ones and others. #}
{% macro official_names() %}
    select {{ fold_label('name') }} as folded_name from {{ ref('functional_code') }}
    union
    select {{ fold_label('name') }} as folded_name from {{ ref('functional_alias') }}
    union
    select {{ fold_label('name') }} as folded_name from {{ ref('department_economic_code') }}
    union
    select {{ fold_label('name') }} as folded_name from {{ ref('government_economic_code') }}
    union
    select {{ fold_label('name') }} as folded_name from {{ ref('economic_alias') }}
{% endmacro %}
