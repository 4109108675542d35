-- The cells that a finding of running text names. `suspect`: the figure that is blamed,
-- place 1, with the amount that would make most identities hold; and figures that no
-- holding identity speaks for, which could be wrong instead, from place 2 on. `total` and
-- `term`: what else stands in the failing identities. One row per cause and cell.
with

failures as (

    select * from {{ ref('int_narrative_failure') }} where blamed_cell_id is not null

),

identity_cells as (

    select * from {{ ref('int_narrative_identity_cell') }}

),

trials as (

    select * from {{ ref('int_narrative_trial') }}

),

operands as (

    select * from {{ ref('int_narrative_operand') }}

),

blamed as (

    select distinct cause_key, blamed_cell_id from failures

),

others as (

    select
        failures.cause_key,
        identity_cells.cell_id,
        min(case identity_cells.term_role when 'total' then 0 else 1 end) as is_term,
        count(distinct failures.identity_key) as failing_count
    from failures
    inner join identity_cells on failures.identity_key = identity_cells.identity_key
    left join blamed
        on
            failures.cause_key = blamed.cause_key
            and identity_cells.cell_id = blamed.blamed_cell_id
    where blamed.blamed_cell_id is null
    group by failures.cause_key, identity_cells.cell_id

),

causes as (

    select
        cause_key,
        count(*) as identity_count
    from failures
    group by cause_key

),

-- As likely: in all that fails, in nothing that holds, and not blamed for itself.
alternatives as (

    select
        others.cause_key,
        others.cell_id,
        1 + row_number() over (partition by others.cause_key order by trials.figure_number) as place
    from others
    inner join causes on others.cause_key = causes.cause_key
    inner join trials on others.cell_id = trials.cell_id
    left join blamed as blamed_elsewhere on others.cell_id = blamed_elsewhere.blamed_cell_id
    where
        others.failing_count = causes.identity_count
        and trials.holding_count = 0
        and blamed_elsewhere.blamed_cell_id is null

)

select
    blamed.cause_key,
    blamed.blamed_cell_id as cell_id,
    'suspect' as cell_role,
    cast(1 as integer) as place,
    case
        when trials.change_yuan is not null and trials.mended > 0 and not trials.is_percent
            then try_cast(operands.amount_yuan + trials.change_yuan as decimal(20, 4))
    end as expected_yuan
from blamed
inner join operands on blamed.blamed_cell_id = operands.cell_id
left join trials on blamed.blamed_cell_id = trials.cell_id

union all

select
    others.cause_key,
    others.cell_id,
    case
        when alternatives.cell_id is not null then 'suspect'
        when others.is_term = 0 then 'total'
        else 'term'
    end as cell_role,
    cast(alternatives.place as integer) as place,
    cast(null as decimal(20, 4)) as expected_yuan
from others
left join alternatives
    on
        others.cause_key = alternatives.cause_key
        and others.cell_id = alternatives.cell_id
