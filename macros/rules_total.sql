{# The total row equals the sum of the topmost codes, for one fact family. The
   row 本年…合计 counts before 总计; a total row whose own label names a kind of
   expenditure (人员经费合计) sums only the classes of that kind. Two classifications
   side by side in one table have a total each, and so have panes that each print
   one; a single total stands for all panes. Below codes a total sums what stands
   above it. The economic lines of a balance stand
   beside lines of other kinds and add up to no total of their own. Past the rows
   between, the total is the sum of the codes below which the table prints nothing. #}
{% macro classes_sum_to_total(rule_id, fact, past_rows_between=false) -%}
with

pane_totals as (

    select
        {{ first_table('code_amount') }} as first_table_id,
        count(distinct pane_number) as pane_count
    from {{ ref('int_code_amount') }} as code_amount
    where
        fact = '{{ fact }}'
        and row_role in ('total', 'grand_total')
        and coalesce(label_kind, '') <> 'measure'
    group by {{ first_table('code_amount') }}

),

code_amounts as (

    select
        code_amount.*,
        -- the rows of a table that goes on stand below those it goes on with
        code_amount.row_number
        + case when code_amount.first_table_id is null then 0 else 1000000 end as place,
        {{ column_key('code_amount') }} || '/' || coalesce(code_amount.classification, '')
        || case
            when pane_totals.pane_count > 1
                then '/' || cast(code_amount.pane_number as {{ dbt.type_string() }})
            else ''
        end as column_key
    from {{ ref('int_code_amount') }} as code_amount
    left join pane_totals
        on {{ first_table('code_amount') }} = pane_totals.first_table_id
    where
        code_amount.fact = '{{ fact }}'
        and code_amount.slot = 'main'
        and not coalesce(code_amount.is_repeated, false)
        {% if fact == 'economic' %}
        and code_amount.statement not in ('balance', 'appropriation_balance')
        {% endif %}

),

parents as (

    select * from {{ ref('int_code_parent') }} where slot = 'main'

),

carryover_tables as (

    select distinct source_table_id
    from {{ ref('int_amount') }}
    where fact = 'balance_item' and side = 'expenditure' and amount_yuan <> 0

),

{% if past_rows_between -%}
leaves as (

    select * from {{ ref('int_code_leaf') }} where slot = 'main' and is_leaf

),

{% endif -%}
summed as (

    select
        code_amounts.*,
        max(case when parents.parent_code is null then 0 else 1 end) over (
            partition by code_amounts.column_key
        ) as has_rows_between,
        min(code_amounts.place) over (partition by code_amounts.column_key) as first_place
    from code_amounts
    inner join parents
        on
            code_amounts.source_table_id = parents.source_table_id
            and code_amounts.classification = parents.classification
            and coalesce(code_amounts.unit_row_number, -1) = parents.unit_key
            and code_amounts.tree_code = parents.tree_code
    {% if past_rows_between -%}
    inner join leaves
        on
            code_amounts.source_table_id = leaves.source_table_id
            and code_amounts.classification = leaves.classification
            and coalesce(code_amounts.unit_row_number, -1) = leaves.unit_key
            and code_amounts.tree_code = leaves.tree_code
    where code_amounts.row_role = 'code'
    {%- else -%}
    where code_amounts.row_role = 'code' and parents.parent_code is null
    {%- endif %}

),

total_rows as (

    select
        code_amounts.*,
        row_number() over (
            partition by code_amounts.column_key
            order by
                case code_amounts.row_role when 'total' then 0 when 'unit' then 1 else 2 end,
                code_amounts.place
        ) as total_rank
    from code_amounts
    left join carryover_tables
        on code_amounts.source_table_id = carryover_tables.source_table_id
    where
        (
            code_amounts.row_role = 'total'
            or (
                code_amounts.row_role = 'grand_total'
                and carryover_tables.source_table_id is null
            )
            -- a unit's subtotal heads the unit's codes
            or (
                code_amounts.row_role = 'unit'
                and code_amounts.unit_row_number is not null
            )
        )
        and coalesce(code_amounts.label_kind, '') <> 'measure'

),

totals as (

    select
        total_rows.*,
        total_rows.column_key as identity_key,
        'total' as subject_code,
        'total' as term_role,
        1 as sign
    from total_rows
    where
        total_rows.total_rank = 1
        and total_rows.column_key in (
            select summed.column_key from summed
            {%- if past_rows_between %}
            where summed.has_rows_between = 1
            {%- endif %}
        )

),

terms as (

    select
        summed.*,
        summed.column_key as identity_key,
        'total' as subject_code,
        'term' as term_role,
        1 as sign
    from summed
    inner join totals on summed.column_key = totals.column_key
    -- 调出资金 and 年终结余 between 合计 and 总计 belong to 总计 alone
    where summed.place < totals.place or summed.first_place > totals.place

),

{% if past_rows_between -%}
-- Parts that 其中 introduces need not be all of the code above them.
partial as (

    select totals.identity_key
    from totals
    inner join terms on totals.identity_key = terms.identity_key
    group by totals.identity_key
    having
        max(case when {{ regex_matches('terms.row_name', "'其中'") }} then 1 else 0 end) = 1
        and sum(terms.amount_yuan) < max(totals.amount_yuan)

),

{% endif -%}
cells as (

    {% for side in ['totals', 'terms'] -%}
    select
        identity_key, document_id, statement, subject_code, measure, fund, year_basis,
        phase, cell_id, term_role, sign, amount_yuan, half_unit_yuan
    from {{ side }}
    {% if past_rows_between -%}
    where identity_key not in (select partial.identity_key from partial)
    {% endif -%}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

{{ rule_columns(rule_id, 'cells') }}
{%- endmacro %}

{# The columns of `level`, each replaced by its parts where the row prints any. The CTEs
   `form_totals`, `form_terms` and `amounts` say what parts there are. #}
{% macro finer_columns(level) -%}
    select distinct
        {{ level }}.identity_key,
        {{ level }}.source_table_id,
        {{ level }}.row_number,
        coalesce(parts.column_number, {{ level }}.column_number) as column_number
    from {{ level }}
    left join (
        select
            form_totals.source_table_id,
            form_totals.column_number as whole_column_number,
            amounts.row_number,
            form_terms.column_number
        from form_totals
        inner join form_terms
            on
                form_totals.source_table_id = form_terms.source_table_id
                and form_totals.form_number = form_terms.form_number
        inner join amounts
            on
                form_terms.source_table_id = amounts.source_table_id
                and form_terms.column_number = amounts.column_number
    ) as parts
        on
            {{ level }}.source_table_id = parts.source_table_id
            and {{ level }}.column_number = parts.whole_column_number
            and {{ level }}.row_number = parts.row_number
{%- endmacro %}
