-- The cells that a cause names: those that stand in every failing identity of
-- the cause (the likely misprint); without one, the totals that fail. One row
-- per cause and cell.
with

failures as (

    select * from {{ ref('int_failure') }}

),

identity_cells as (

    select * from {{ ref('int_identity_cell') }}

),

causes as (

    select
        cause_key,
        count(*) as identity_count
    from failures
    group by cause_key

),

counted as (

    select
        failures.cause_key,
        identity_cells.cell_id,
        count(distinct failures.identity_key) as identity_count,
        min(case identity_cells.term_role when 'total' then 0 else 1 end) as is_term
    from failures
    inner join identity_cells on failures.identity_key = identity_cells.identity_key
    group by failures.cause_key, identity_cells.cell_id

),

in_all as (

    select
        counted.cause_key,
        counted.cell_id
    from counted
    inner join causes on counted.cause_key = causes.cause_key
    where causes.identity_count > 1 and counted.identity_count = causes.identity_count

)

select
    counted.cause_key,
    counted.cell_id,
    case
        when in_all.cell_id is not null then 'suspect'
        when counted.is_term = 0 then 'total'
        else 'term'
    end as cell_role
from counted
left join in_all
    on
        counted.cause_key = in_all.cause_key
        and counted.cell_id = in_all.cell_id
where
    in_all.cell_id is not null
    or counted.cause_key not in (select named.cause_key from in_all as named)
