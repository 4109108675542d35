-- The cells that a cause names. `suspect`: a change of it would make the identities
-- hold, place 1 the best, from 2 on equally good ones, each with the amount that
-- arithmetic asks for. Where something unprinted explains it: `total`, the totals
-- that fail; and where nothing does, also `term`, their terms. One row per cause and
-- cell.
with

changes as (

    select distinct cause_key, candidate_key, cause_kind, place, round_number, cell_id, change_yuan
    from {{ ref('int_cause_change') }}
    where cell_id is not null

),

causes as (

    select * from {{ ref('int_cause') }}

),

cells as (

    select
        cell_id,
        min(amount_yuan) as amount_yuan
    from {{ ref('int_identity_cell') }}
    group by cell_id

),

suspects as (

    select
        changes.cause_key,
        changes.cell_id,
        min(changes.place) as place,
        sum(case when changes.place = 1 then changes.change_yuan end) as best_change_yuan,
        min(case when changes.place > 1 then changes.change_yuan end) as other_change_yuan
    from changes
    inner join causes on changes.cause_key = causes.cause_key
    group by changes.cause_key, changes.cell_id

),

totals as (

    select
        failures.cause_key,
        identity_cells.cell_id,
        min(case identity_cells.term_role when 'total' then 0 else 1 end) as is_term
    from {{ ref('int_failure') }} as failures
    inner join causes on failures.cause_key = causes.cause_key
    inner join {{ ref('int_identity_cell') }} as identity_cells
        on
            failures.identity_key = identity_cells.identity_key
            and failures.document_id = identity_cells.document_id
    left join suspects
        on failures.cause_key = suspects.cause_key and identity_cells.cell_id = suspects.cell_id
    where
        causes.cause_kind in ('missing_row', 'missing_column', 'rounded_apart', 'unexplained')
        and suspects.cell_id is null
        and (
            identity_cells.term_role = 'total'
            or causes.cause_kind in ('rounded_apart', 'unexplained')
        )
        -- a row left out is missed by every sum above it: the nearest one names it
        and (
            causes.cause_kind <> 'missing_row'
            or failures.cause_key
            = 'missing_row/' || failures.document_id || '/' || failures.rule_id || '/' || failures.subject_code
        )
    group by failures.cause_key, identity_cells.cell_id

)

select
    suspects.cause_key,
    suspects.cell_id,
    'suspect' as cell_role,
    cast(suspects.place as integer) as place,
    try_cast(cells.amount_yuan + coalesce(suspects.best_change_yuan, suspects.other_change_yuan) as decimal(20, 4))
        as expected_yuan
from suspects
inner join cells on suspects.cell_id = cells.cell_id

union all

select
    cause_key,
    cell_id,
    case is_term when 0 then 'total' else 'term' end as cell_role,
    cast(null as integer) as place,
    cast(null as decimal(20, 4)) as expected_yuan
from totals
