{# Kind of expenditure that table, column and row say of an economic amount. 人员经费 and
   公用经费 of a table of projects are project money: no part of 基本支出 compares with them. #}
{% macro economic_kind(amounts) -%}
    case
        when {{ amounts }}.measure = 'total' and {{ amounts }}.scope = 'all' then 'total'
        when {{ amounts }}.measure = 'total' then {{ amounts }}.scope
        when
            {{ amounts }}.scope = 'project'
            and {{ amounts }}.measure in (
                'personnel', 'wages_welfare', 'individuals_families',
                'operating', 'goods_services', 'capital'
            )
            then 'project_' || {{ amounts }}.measure
        else {{ amounts }}.measure
    end
{%- endmacro %}

{# Codes of economic tables as a rule compares them: one row per cell of a code or total
   row, under the kind of expenditure that table and column say (合计 of a table of basic
   expenditure is `basic`), and the key of all it means but its code. #}
{% macro economic_figures() -%}
    select
        code_amounts.document_id,
        code_amounts.source_table_id,
        code_amounts.statement,
        code_amounts.cell_id,
        code_amounts.row_number,
        code_amounts.column_number,
        code_amounts.row_role,
        code_amounts.label_kind,
        code_amounts.slot,
        code_amounts.classification,
        code_amounts.tree_code,
        code_amounts.unit_row_number,
        code_amounts.scope,
        code_amounts.fund,
        code_amounts.year_basis,
        code_amounts.phase,
        code_amounts.amount_yuan,
        code_amounts.half_unit_yuan,
        {{ economic_kind('code_amounts') }} as kind,
        code_amounts.document_id
        || '/' || compared_cells.compared_fund || '/' || compared_cells.compared_basis
        || '/' || code_amounts.phase as block_key
    from {{ ref('int_code_amount') }} as code_amounts
    inner join {{ ref('int_compared_cell') }} as compared_cells
        on code_amounts.cell_id = compared_cells.cell_id
    where
        code_amounts.fact = 'economic'
        and code_amounts.statement not in ('balance', 'appropriation_balance')
        and not coalesce(code_amounts.is_repeated, false)
        and not coalesce(code_amounts.is_of_other_unit, false)
{%- endmacro %}

{# The columns of a functional table by kind of expenditure equal the codes of that kind in
   a table of basic expenditure. CTE `kinds`: classification and class_code of a kind, its
   measure, and what the identity is about (subject_code); tables of the CTE `left_out` are
   not compared. #}
{% macro functional_equals_economic_kinds(rule_id, left_out=none) -%}
parents as (

    select * from {{ ref('int_code_parent') }} where slot = 'main'

),

functional_totals as (

    select
        code_amounts.*,
        code_amounts.document_id
        || '/' || compared_cells.compared_fund || '/' || compared_cells.compared_basis
        || '/' || code_amounts.phase as block_key,
        row_number() over (
            partition by
                code_amounts.source_table_id, code_amounts.measure, code_amounts.phase,
                compared_cells.compared_fund, compared_cells.compared_basis
            order by code_amounts.row_number, code_amounts.column_number
        ) as total_rank
    from {{ ref('int_code_amount') }} as code_amounts
    inner join {{ ref('int_compared_cell') }} as compared_cells
        on code_amounts.cell_id = compared_cells.cell_id
    where
        code_amounts.fact = 'functional'
        and code_amounts.side = 'expenditure'
        and code_amounts.row_role = 'total'
        and code_amounts.measure in (select kinds.measure from kinds)
        and not coalesce(code_amounts.is_of_other_unit, false)

),

-- The topmost codes of each kind, of one source of a table of basic expenditure.
tops as (

    select
        economic_figures.*,
        kinds.measure as kind_measure,
        kinds.subject_code,
        min(economic_figures.fund) over (
            partition by economic_figures.source_table_id, economic_figures.block_key
        ) as least_fund
    from economic_figures
    inner join parents
        on
            economic_figures.source_table_id = parents.source_table_id
            and economic_figures.classification = parents.classification
            and coalesce(economic_figures.unit_row_number, -1) = parents.unit_key
            and economic_figures.tree_code = parents.tree_code
    inner join kinds
        on
            economic_figures.classification = kinds.classification
            and economic_figures.tree_code like kinds.class_code || '%'
    where
        economic_figures.slot = 'main'
        and economic_figures.classification = 'department'
        and economic_figures.scope = 'basic'
        and economic_figures.kind = 'basic'
        and economic_figures.row_role = 'code'
        and parents.parent_code is null
        {% if left_out -%}
        and economic_figures.source_table_id not in (
            select {{ left_out }}.source_table_id from {{ left_out }}
        )
        {%- endif %}

),

pairs as (

    select distinct
        functional_totals.cell_id as total_cell_id,
        tops.source_table_id,
        tops.block_key,
        tops.subject_code,
        tops.block_key || '/' || tops.subject_code || '/' || functional_totals.source_table_id
        || '/' || tops.source_table_id as identity_key
    from functional_totals
    inner join tops
        on
            functional_totals.block_key = tops.block_key
            and functional_totals.measure = tops.kind_measure
    where functional_totals.total_rank = 1

),

cells as (

    select
        pairs.identity_key,
        functional_totals.document_id,
        functional_totals.statement,
        pairs.subject_code,
        functional_totals.measure,
        functional_totals.fund,
        functional_totals.year_basis,
        functional_totals.phase,
        functional_totals.cell_id,
        'total' as term_role,
        1 as sign,
        functional_totals.amount_yuan,
        functional_totals.half_unit_yuan
    from pairs
    inner join functional_totals on pairs.total_cell_id = functional_totals.cell_id

    union all

    select
        pairs.identity_key,
        tops.document_id,
        tops.statement,
        pairs.subject_code,
        functional_totals.measure,
        tops.fund,
        tops.year_basis,
        tops.phase,
        tops.cell_id,
        'term' as term_role,
        1 as sign,
        tops.amount_yuan,
        tops.half_unit_yuan
    from pairs
    inner join functional_totals on pairs.total_cell_id = functional_totals.cell_id
    inner join tops
        on
            pairs.source_table_id = tops.source_table_id
            and pairs.block_key = tops.block_key
            and pairs.subject_code = tops.subject_code
            and tops.fund = tops.least_fund

)

{{ rule_columns(rule_id, 'cells') }}
{%- endmacro %}

{# A row 人员经费合计 (公用经费合计) equals the classes of that kind of expenditure; or, past
   the rows of classes, the codes of these below which the table prints nothing. #}
{% macro kind_sums_to_total(rule_id, past_rows_between=false) -%}
with

code_amounts as (

    select
        *,
        source_table_id || '/' || cast(coalesce(unit_row_number, -1) as {{ dbt.type_string() }})
        || '/' || classification || '/' || fund || '/' || year_basis || '/' || phase as block_key
    from {{ ref('int_code_amount') }}
    where fact = 'economic' and slot = 'main'
    {%- if past_rows_between %} and not coalesce(is_repeated, false){% endif %}

),

class_measures as (

    select * from {{ ref('economic_class_measure') }}

),

{% if past_rows_between -%}
leaves as (

    select * from {{ ref('int_code_leaf') }} where slot = 'main' and is_leaf

),

{% endif -%}
-- The amount of the row in its total column, of the first such row of a unit.
ranked as (

    select
        *,
        block_key || '/' || measure as identity_key,
        row_number() over (
            partition by block_key, measure
            order by row_number, case when is_total_column then 0 else 1 end, column_number
        ) as total_rank
    from code_amounts
    where label_kind = 'measure' and measure in ('personnel', 'operating')

),

totals as (

    select
        *,
        measure as subject_code,
        'total' as term_role,
        1 as sign
    from ranked
    where total_rank = 1

),

terms as (

    select
        code_amounts.document_id,
        code_amounts.statement,
        totals.measure,
        code_amounts.fund,
        code_amounts.year_basis,
        code_amounts.phase,
        code_amounts.cell_id,
        code_amounts.amount_yuan,
        code_amounts.half_unit_yuan,
        totals.identity_key,
        totals.subject_code,
        'term' as term_role,
        1 as sign,
        length(code_amounts.tree_code) > length(class_measures.class_code) as is_below
    from code_amounts
    inner join class_measures
        on
            code_amounts.classification = class_measures.classification
            and code_amounts.tree_code {{ "like class_measures.class_code || '%'" if past_rows_between else '= class_measures.class_code' }}
    {% if past_rows_between -%}
    inner join leaves
        on
            code_amounts.source_table_id = leaves.source_table_id
            and code_amounts.classification = leaves.classification
            and coalesce(code_amounts.unit_row_number, -1) = leaves.unit_key
            and code_amounts.tree_code = leaves.tree_code
    {% endif -%}
    inner join totals
        on
            code_amounts.block_key = totals.block_key
            and class_measures.measure = totals.measure
    where
        code_amounts.row_role = 'code' and code_amounts.measure = 'total'
        -- 人员经费 of 基本支出 in a balance is no sum of the lines below 经济分类支出合计
        and (
            code_amounts.statement not in ('balance', 'appropriation_balance')
            or code_amounts.scope = 'basic'
        )

),

{% if past_rows_between -%}
-- Without a code below a class the classes are summed by economic_kind_total.
deep as (

    select distinct identity_key from terms where is_below

),

{% endif -%}
cells as (

    {% for side in ('totals', 'terms') -%}
    select
        identity_key, document_id, statement, subject_code, measure, fund, year_basis,
        phase, cell_id, term_role, sign, amount_yuan, half_unit_yuan
    from {{ side }}
    {% if past_rows_between -%}
    where identity_key in (select deep.identity_key from deep)
    {% else -%}
    -- a table that prints no class of the kind, or none with an amount, says nothing of it
    where identity_key in (select terms.identity_key from terms)
    {% endif -%}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ rule_columns(rule_id, 'cells') }}
{%- endmacro %}
