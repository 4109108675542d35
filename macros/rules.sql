{# What every rule returns: one row per cell of an identity it forms. #}
{% macro rule_columns(rule_id, relation) -%}
    select
        '{{ rule_id }}' as rule_id,
        '{{ rule_id }}' || ':' || identity_key as identity_key,
        document_id,
        statement,
        subject_code,
        measure,
        fund,
        year_basis,
        phase,
        cell_id,
        term_role,
        sign,
        amount_yuan,
        half_unit_yuan
    from {{ relation }}
{%- endmacro %}

{# Totals and terms of the identities that have both; the CTEs `totals` and `terms`
   carry identity_key and term_role. #}
{% macro both_sides(subject_code) -%}
    {% for side, other in [('totals', 'terms'), ('terms', 'totals')] %}
    select
        identity_key,
        document_id,
        statement,
        {{ subject_code }} as subject_code,
        measure,
        fund,
        year_basis,
        phase,
        cell_id,
        term_role,
        1 as sign,
        amount_yuan,
        half_unit_yuan
    from {{ side }}
    where identity_key in (select other.identity_key from {{ other }} as other)
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}

{# Lines, totals and terms together, of the identities that have both. #}
{% macro of_two_sides(lines) -%}
    select lines.*
    from {{ lines }} as lines
    inner join (
        select identity_key
        from {{ lines }}
        group by identity_key
        having count(distinct term_role) = 2
    ) as two_sided on lines.identity_key = two_sided.identity_key
{%- endmacro %}

{# The money of one project for the year in its performance form: neither a part of it
   nor that of another horizon. #}
{% macro is_money_of_project_year() -%}
    (
        statement = 'performance_project'
        and row_role = 'code'
        and horizon = 'annual'
        and phase = 'budget'
        and payer = 'total'
        and fund = 'all'
        and measure = 'total'
        and year_basis = 'all'
    )
{%- endmacro %}

{# Pairs of columns that the header of a table adds up: a total and one of its terms. #}
{% macro columns_added_up() -%}
    select distinct
        totals.source_table_id,
        totals.column_number as total_column_number,
        terms.column_number as term_column_number
    from {{ ref('stg_column_form') }} as totals
    inner join {{ ref('stg_column_form') }} as terms
        on
            totals.source_table_id = terms.source_table_id
            and totals.reading_number = terms.reading_number
            and totals.form_number = terms.form_number
            and totals.term_role = 'total'
            and terms.term_role = 'term'
    inner join (
        select distinct source_table_id, reading_number from {{ ref('int_column') }}
    ) as columns
        on
            totals.source_table_id = columns.source_table_id
            and totals.reading_number = columns.reading_number
{%- endmacro %}

{# Two columns of a row that mean the same money: every pair of `figures` that share
   figure_key and table, but for those that the header adds up (CTE `added_up`): a sum of
   the row is no copy. #}
{% macro pairs_within_rows() -%}
    select
        others.figure_key || '/' || firsts.cell_id || '/' || others.cell_id as identity_key,
        firsts.cell_id as first_cell_id,
        others.cell_id as other_cell_id
    from figures as firsts
    inner join figures as others
        on
            firsts.figure_key = others.figure_key
            and firsts.source_table_id = others.source_table_id
            and firsts.row_number = others.row_number
            and firsts.voice < others.voice
    left join added_up
        on
            firsts.source_table_id = added_up.source_table_id
            and (
                (
                    firsts.column_number = added_up.total_column_number
                    and others.column_number = added_up.term_column_number
                )
                or (
                    others.column_number = added_up.total_column_number
                    and firsts.column_number = added_up.term_column_number
                )
            )
    where added_up.source_table_id is null
{%- endmacro %}

{# The same figure in two tables: every pair of tables in `figures` that share figure_key,
   compared in one source of money where both print it (printed_as), otherwise in their
   first columns (voice). `table_order` says which of the two is first. #}
{% macro pairs_between_tables(table_order) -%}
    select
        identity_key,
        first_cell_id,
        other_cell_id
    from (
        select
            others.figure_key || '/' || firsts.cell_id || '/' || others.cell_id as identity_key,
            firsts.cell_id as first_cell_id,
            others.cell_id as other_cell_id,
            case when firsts.printed_as = others.printed_as then 1 else 0 end as is_alike,
            max(case when firsts.printed_as = others.printed_as then 1 else 0 end) over (
                partition by firsts.figure_key, firsts.source_table_id, others.source_table_id
            ) as has_alike
        from figures as firsts
        inner join figures as others
            on
                firsts.figure_key = others.figure_key
                and firsts.{{ table_order }} < others.{{ table_order }}
                and (
                    firsts.printed_as = others.printed_as
                    or (firsts.voice = 1 and others.voice = 1)
                )
    ) as candidates
    where is_alike = has_alike
{%- endmacro %}

{# The two cells of each of `pairs`, equal figures both: other_cell_id stands for the total,
   first_cell_id for the term. The CTE `figures` has the columns that a rule returns. #}
{% macro cells_of_pairs() -%}
    {% for side, role in [('other', 'total'), ('first', 'term')] -%}
    select
        figures.*,
        pairs.identity_key,
        '{{ role }}' as term_role,
        1 as sign
    from pairs
    inner join figures on pairs.{{ side }}_cell_id = figures.cell_id
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
{%- endmacro %}

{# The table that a block of rows begins in: another one where the table goes on with it. #}
{% macro first_table(prefix) -%}
    coalesce({{ prefix }}.first_table_id, {{ prefix }}.source_table_id)
{%- endmacro %}

{# The key of one column of one block of rows: what its amounts mean. The block runs
   on in a table that goes on with another. #}
{% macro column_key(prefix) -%}
    {{ first_table(prefix) }} || '/' || cast(coalesce({{ prefix }}.unit_row_number, -1) as {{ dbt.type_string() }})
    || '/' || coalesce({{ prefix }}.side, '') || '/' || {{ prefix }}.measure || '/' || {{ prefix }}.fund
    || '/' || {{ prefix }}.year_basis || '/' || {{ prefix }}.phase
{%- endmacro %}

{# Parents equal the sum of their printed children, for one fact family; or, past the
   rows between, of the codes below which the table prints nothing. #}
{% macro children_sum_to_parent(rule_id, fact, past_rows_between=false) -%}
with

code_amounts as (

    select *, {{ column_key('code_amount') }} as column_key
    from {{ ref('int_code_amount') }} as code_amount
    where
        fact = '{{ fact }}' and row_role = 'code' and tree_code is not null
        and not coalesce(is_repeated, false)

),

{% if past_rows_between -%}
nearest as (

    select * from {{ ref('int_code_parent') }} where parent_code is not null

),

leaves as (

    select * from {{ ref('int_code_leaf') }} where is_leaf

),

-- Every code above a leaf; a parent of leaves alone is summed by its children.
above as (

    select * from nearest
    union all
    select
        nearest.source_table_id,
        nearest.first_table_id,
        nearest.slot,
        nearest.classification,
        nearest.unit_key,
        nearest.tree_code,
        upper.parent_code
    from nearest
    inner join (
        select distinct first_table_id, slot, classification, unit_key, tree_code, parent_code
        from nearest
    ) as upper
        on
            nearest.first_table_id = upper.first_table_id
            and nearest.slot = upper.slot
            and nearest.classification = upper.classification
            and nearest.unit_key = upper.unit_key
            and nearest.parent_code = upper.tree_code

),

grandparents as (

    select distinct above.first_table_id, above.slot, above.classification, above.unit_key, above.parent_code
    from above
    left join nearest
        on
            above.source_table_id = nearest.source_table_id
            and above.slot = nearest.slot
            and above.classification = nearest.classification
            and above.unit_key = nearest.unit_key
            and above.tree_code = nearest.tree_code
            and above.parent_code = nearest.parent_code
    where nearest.tree_code is null

),

parents as (

    select above.*
    from above
    inner join grandparents
        on
            above.first_table_id = grandparents.first_table_id
            and above.slot = grandparents.slot
            and above.classification = grandparents.classification
            and above.unit_key = grandparents.unit_key
            and above.parent_code = grandparents.parent_code
    inner join leaves
        on
            above.source_table_id = leaves.source_table_id
            and above.slot = leaves.slot
            and above.classification = leaves.classification
            and above.unit_key = leaves.unit_key
            and above.tree_code = leaves.tree_code

),
{%- else -%}
parents as (

    select * from {{ ref('int_code_parent') }} where parent_code is not null

),
{%- endif %}

parent_codes as (

    select distinct
        {{ first_table('parents') }} as first_table_id,
        slot,
        classification,
        unit_key,
        parent_code
    from parents

),

totals as (

    select
        code_amounts.*,
        code_amounts.column_key || '/' || code_amounts.classification || '/' || code_amounts.tree_code
            as identity_key,
        code_amounts.tree_code as subject_code,
        'total' as term_role,
        1 as sign
    from code_amounts
    inner join parent_codes
        on
            {{ first_table('code_amounts') }} = parent_codes.first_table_id
            and code_amounts.slot = parent_codes.slot
            and code_amounts.classification = parent_codes.classification
            and coalesce(code_amounts.unit_row_number, -1) = parent_codes.unit_key
            and code_amounts.tree_code = parent_codes.parent_code

),

terms as (

    select
        code_amounts.*,
        code_amounts.column_key || '/' || code_amounts.classification || '/' || parents.parent_code
            as identity_key,
        parents.parent_code as subject_code,
        'term' as term_role,
        1 as sign
    from code_amounts
    inner join parents
        on
            code_amounts.source_table_id = parents.source_table_id
            and code_amounts.slot = parents.slot
            and code_amounts.classification = parents.classification
            and coalesce(code_amounts.unit_row_number, -1) = parents.unit_key
            and code_amounts.tree_code = parents.tree_code

),

all_cells as (

    select * from totals
    union all
    select * from terms

),

-- Parts that 其中 introduces need not be all of them: below the whole they prove
-- nothing.
partial as (

    select identity_key
    from all_cells
    group by identity_key
    having
        max(case when term_role = 'term' and {{ regex_matches('row_name', "'其中'") }} then 1 else 0 end) = 1
        and sum(case term_role when 'total' then amount_yuan else -amount_yuan end) > 0

),

cells as (

    select all_cells.*
    from all_cells
    left join partial on all_cells.identity_key = partial.identity_key
    where partial.identity_key is null

)

{{ rule_columns(rule_id, 'cells') }}
{%- endmacro %}

{# Identities with their verdicts, of the cells that rules return. Every printed value
   stands for an interval of half a unit to both sides; a sum is consistent with the
   printed total when their intervals meet. One term of the same precision must be equal.
   Within the bound but beyond three standard deviations of rounding noise
   (difference² > 3 · sum of half_unit²) it is suspicious. What fails and stands in `gaps`
   is unchecked. #}
{% macro identities_with_verdicts(identity_cells, gaps=none) -%}
with

identity_cells as (

    select * from {{ identity_cells }}

),

rules as (

    select * from {{ ref('rule') }}

),

-- What misses something unread is our gap before it is their error.
gaps as (

    {% if gaps -%}
    select * from {{ gaps }}
    {%- else -%}
    select cast(null as {{ dbt.type_string() }}) as identity_key
    {%- endif %}

),

summed as (

    select
        rule_id,
        identity_key,
        -- an identity between documents belongs to the one whose figure is checked
        coalesce(min(case when term_role = 'total' then document_id end), min(document_id)) as document_id,
        coalesce(min(case when term_role = 'total' then statement end), min(statement)) as statement,
        min(subject_code) as subject_code,
        min(case when term_role = 'total' then measure end) as measure,
        min(case when term_role = 'total' then fund end) as fund,
        min(case when term_role = 'total' then year_basis end) as year_basis,
        min(case when term_role = 'total' then phase end) as phase,
        sum(case when term_role = 'total' then sign * amount_yuan end) as printed_yuan,
        coalesce(sum(case when term_role = 'term' then sign * amount_yuan end), 0) as computed_yuan,
        sum(half_unit_yuan) as half_unit_sum,
        sum(
            cast(half_unit_yuan as decimal(19, 5)) * cast(half_unit_yuan as decimal(19, 5))
        ) as half_unit_square_sum,
        count(case when term_role = 'total' then 1 end) as total_count,
        count(case when term_role = 'term' then 1 end) as term_count,
        count(distinct half_unit_yuan) as precision_count
    from identity_cells
    group by rule_id, identity_key

),

-- Sums beyond what an amount can be (a number that is no amount) are NULL.
fitted as (

    select
        *,
        try_cast(printed_yuan as decimal(20, 4)) as fitting_printed_yuan,
        try_cast(computed_yuan as decimal(20, 4)) as fitting_computed_yuan
    from summed

),

bounded as (

    select
        *,
        try_cast(fitting_printed_yuan - fitting_computed_yuan as decimal(20, 4))
            as difference_yuan,
        case
            when total_count = 1 and term_count = 1 and precision_count = 1 then 0
            else half_unit_sum
        end as bound_yuan
    from fitted

)

select
    {{ short_id('i', 'bounded.identity_key') }} as identity_id,
    bounded.rule_id,
    rules.is_copy,
    bounded.identity_key,
    bounded.document_id,
    bounded.statement,
    bounded.subject_code,
    bounded.measure,
    bounded.fund,
    bounded.year_basis,
    bounded.phase,
    bounded.fitting_printed_yuan as printed_yuan,
    bounded.fitting_computed_yuan as computed_yuan,
    bounded.difference_yuan,
    cast(bounded.bound_yuan as decimal(20, 8)) as bound_yuan,
    bounded.term_count as terms,
    case
        when bounded.difference_yuan is null then 'unchecked'
        when bounded.difference_yuan = 0 then 'exact'
        when
            abs(bounded.difference_yuan) > bounded.bound_yuan
            and gaps.identity_key is not null
            then 'unchecked'
        when abs(bounded.difference_yuan) > bounded.bound_yuan then 'discrepancy'
        when
            try_cast(bounded.difference_yuan as decimal(19, 4))
            * try_cast(bounded.difference_yuan as decimal(19, 4))
            > 3 * bounded.half_unit_square_sum
            then 'suspicious'
        else 'rounding'
    end as verdict,
    case
        when bounded.printed_yuan is null then '合计未填列，无法核对'
        when bounded.difference_yuan is null then '数值超出金额范围，无法核对'
        when
            abs(bounded.difference_yuan) > bounded.bound_yuan
            and gaps.identity_key is not null
            then '同一行或同一列中有未能识别的内容，无法核对'
    end as reason
from bounded
inner join rules on bounded.rule_id = rules.rule_id
left join gaps on bounded.identity_key = gaps.identity_key
{%- endmacro %}
