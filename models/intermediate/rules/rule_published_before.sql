-- 上年数、年初预算数与当时公开的预算、决算一致（同一单位）；上年执行数（预计执行数）不是决算数，不比较。
-- Figures of the year before (上年预算数, 上年决算数) and 年初预算数 of final accounts equal
-- what the same unit published then. A copy in another document proves nothing; figures
-- may have been restated since. 上年执行数 of a budget foretells the final accounts.
with

figures as (

    select * from {{ ref('int_published_figure') }} where row_unit_id is null

),

-- Under which stage, year and phase a later document prints a figure again.
{%- set again = [
    ('budget', 'budget', 0, 'final_accounts', 'budget'),
    ('budget', 'budget', 1, 'budget', 'prior_budget'),
    ('final_accounts', 'final', 1, 'budget', 'prior_final'),
    ('final_accounts', 'final', 1, 'final_accounts', 'prior_final'),
] %}
earlier as (

    {% for stage, phase, years, later_stage, later_phase in again -%}
    select
        *,
        '{{ later_stage }}' as later_stage,
        '{{ later_phase }}' as later_phase,
        fiscal_year + {{ years }} as later_year
    from figures
    where stage = '{{ stage }}' and phase = '{{ phase }}'
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

candidates as (

    select
        later.cell_id || '/' || earlier.cell_id as identity_key,
        earlier.cell_id as first_cell_id,
        later.cell_id as other_cell_id,
        row_number() over (
            partition by later.cell_id order by earlier.document_id, earlier.cell_id
        ) as pair_rank
    from figures as later
    inner join earlier
        on
            later.unit_id = earlier.unit_id
            and later.coverage = earlier.coverage
            and later.figure_key = earlier.figure_key
            and later.stage = earlier.later_stage
            and later.phase = earlier.later_phase
            and later.fiscal_year = earlier.later_year
            and later.document_id <> earlier.document_id
            and not coalesce(later.is_forecast, false)

),

pairs as (

    select * from candidates where pair_rank = 1

),

cells as (

    {{ cells_of_pairs() }}

)

{{ rule_columns('published_before', 'cells') }}
