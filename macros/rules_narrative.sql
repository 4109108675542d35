{# The columns that a rule of running text returns for one of its figures. `sign` 0 is
   the base of a percentage: it counts for nothing in the sum, but what is uncertain of
   it widens the bound. #}
{% macro narrative_cell(figure, term_role, sign, amount, half_unit) -%}
    {{ figure }}.document_id,
    cast(null as {{ dbt.type_string() }}) as statement,
    coalesce({{ figure }}.subject_code, {{ figure }}.subject_kind, 'other') as subject_code,
    coalesce({{ figure }}.measure, 'total') as measure,
    coalesce({{ figure }}.fund, 'all') as fund,
    coalesce({{ figure }}.year_basis, 'all') as year_basis,
    {{ figure }}.phase,
    {{ figure }}.cell_id,
    '{{ term_role }}' as term_role,
    {{ sign }} as sign,
    cast({{ amount }} as decimal(20, 4)) as amount_yuan,
    cast({{ half_unit }} as decimal(20, 8)) as half_unit_yuan
{%- endmacro %}

{# So many percent of an amount; NULL beyond what an amount can be. #}
{% macro percent_of(percent, amount) -%}
    try_cast(
        cast({{ percent }} as decimal(14, 6)) * cast({{ amount }} as decimal(20, 4)) * cast(0.01 as decimal(3, 2))
        as decimal(20, 4)
    )
{%- endmacro %}

{# Half a unit of a percentage of an amount: what the last place of the percentage leaves
   open, and what that of the amount does. The CTE has percent_half and half_unit_yuan. #}
{% macro percent_half_unit(percent_half, amount) -%}
    try_cast(
        cast({{ percent_half }} as decimal(14, 8)) * abs(cast({{ amount }} as decimal(20, 4))) * cast(0.01 as decimal(3, 2))
        as decimal(20, 8)
    )
{%- endmacro %}

{# The same of an amount's own half unit, which is 5,000,000 元 where 亿元 have one decimal. DuckDB multiplies decimals of
   up to 18 digits in 64 bits, and fails where that is too little: one of them has more. #}
{% macro base_half_unit(percent, half_unit) -%}
    try_cast(
        abs(cast({{ percent }} as decimal(14, 6))) * cast({{ half_unit }} as decimal(20, 6)) * cast(0.01 as decimal(3, 2))
        as decimal(20, 8)
    )
{%- endmacro %}

{# A part and its percentage of a base. The CTE `triples` says which figures: percent_cell_id, part_cell_id,
   base_cell_id; the percentage stands for its part of the base. #}
{% macro percentage_of_base(rule_id) -%}
operands as (

    select * from {{ ref('int_narrative_operand') }}

),

-- Of nothing there is no part.
valued as (

    select
        triples.*,
        percents.percent_value,
        percents.percent_half,
        bases.amount_yuan as base_yuan,
        bases.half_unit_yuan as base_half_unit_yuan,
        {{ percent_of('percents.percent_value', 'bases.amount_yuan') }} as percent_yuan
    from triples
    inner join operands as percents on triples.percent_cell_id = percents.cell_id
    inner join operands as parts on triples.part_cell_id = parts.cell_id
    inner join operands as bases on triples.base_cell_id = bases.cell_id
    where
        percents.percent_value is not null
        and parts.amount_yuan is not null
        and bases.amount_yuan <> 0
        and triples.part_cell_id <> triples.base_cell_id

),

cells as (

    select
        valued.percent_cell_id as identity_key,
        {{ narrative_cell(
            'operands', 'total', '1', 'valued.percent_yuan',
            percent_half_unit('valued.percent_half', 'valued.base_yuan')
        ) }}
    from valued
    inner join operands on valued.percent_cell_id = operands.cell_id
    where valued.percent_yuan is not null

    union all

    select
        valued.percent_cell_id as identity_key,
        {{ narrative_cell('operands', 'term', '1', 'operands.amount_yuan', 'operands.half_unit_yuan') }}
    from valued
    inner join operands on valued.part_cell_id = operands.cell_id
    where valued.percent_yuan is not null

    union all

    select
        valued.percent_cell_id as identity_key,
        {{ narrative_cell(
            'operands', 'term', '0', 'operands.amount_yuan',
            base_half_unit('valued.percent_value', 'valued.base_half_unit_yuan')
        ) }}
    from valued
    inner join operands on valued.base_cell_id = operands.cell_id
    where valued.percent_yuan is not null

)

{{ rule_columns(rule_id, 'cells') }}
{%- endmacro %}

{# How many percent a part is of a base, as text with so many places, rounded half up. #}
{% macro percent_text(part, base, scale) -%}
    case {{ scale }}
        {%- for places in range(5) %}
        when {{ places }} then cast(
            cast({{ percent_in_places(part, base, places) }} as decimal(20, 0)) * cast({{ '%.4f' | format(10 ** -places) }} as decimal(5, 4))
            as decimal(20, {{ places }})
        ) || '%'
        {%- endfor %}
    end
{%- endmacro %}

{# The same in units of the last place, of integers. #}
{% macro percent_in_places(part, base, places) -%}
    {{ return(adapter.dispatch('percent_in_places')(part, base, places)) }}
{%- endmacro %}
{% macro default__percent_in_places(part, base, places) -%}
    (cast(10000 * abs({{ part }}) as hugeint) * {{ 2 * 10 ** (2 + places) }} + cast(10000 * abs({{ base }}) as hugeint))
    // nullif(2 * cast(10000 * abs({{ base }}) as hugeint), 0)
{%- endmacro %}
{% macro spark__percent_in_places(part, base, places) -%}
    (cast(10000 * abs({{ part }}) as decimal(30, 0)) * {{ 2 * 10 ** (2 + places) }} + cast(10000 * abs({{ base }}) as decimal(30, 0)))
    div nullif(2 * cast(10000 * abs({{ base }}) as decimal(30, 0)), 0)
{%- endmacro %}

{# An amount in yuan rounded to the last place of which half a unit is given. #}
{% macro round_to_half_unit(amount, half_unit) -%}
    case {{ half_unit }}
        {%- for places in range(-8, 5) %}
        when {{ '%.5f' | format(0.5 * 10 ** -places) }} then round(cast({{ amount }} as decimal(20, 4)), {{ places }})
        {%- endfor %}
        else cast({{ amount }} as decimal(20, 4))
    end
{%- endmacro %}
