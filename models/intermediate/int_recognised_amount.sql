-- Amounts that were recognised in a picture, and whether arithmetic proves them. A
-- recogniser may misread the same figure in the same way twice, so equal figures
-- prove nothing by themselves: an amount is accepted when it stands in a sum of two
-- or more figures that is exact to the last digit, or equals, within its own
-- document and in an identity that is no copy, one that is printed as text or so
-- accepted; and when no cause of a failing identity names it. One row per
-- recognised amount cell.
with recursive

amounts as (

    select
        document_id,
        source_table_id,
        cell_id
    from {{ ref('int_amount') }}

),

cells as (

    select cell_id from {{ ref('stg_cell') }} where is_recognised

),

cause_cells as (

    select distinct cell_id from {{ ref('int_cause_cell') }}

),

recognised as (

    select amounts.*
    from amounts
    inner join cells on amounts.cell_id = cells.cell_id

),

identities as (

    select identity_key
    from {{ ref('int_identity') }}
    where verdict = 'exact' and not is_copy

),

identity_cells as (

    select
        all_cells.identity_key,
        all_cells.cell_id,
        all_cells.term_role,
        all_cells.amount_yuan,
        recognised.cell_id is not null as is_recognised,
        cause_cells.cell_id is not null as is_disputed
    from {{ ref('int_identity_cell') }} as all_cells
    inner join identities on all_cells.identity_key = identities.identity_key
    left join recognised on all_cells.cell_id = recognised.cell_id
    left join cause_cells on all_cells.cell_id = cause_cells.cell_id

),

counted as (

    select
        identity_key,
        count(case when term_role = 'term' and amount_yuan <> 0 then 1 end) as figure_count
    from identity_cells
    group by identity_key
    having max(case when is_recognised then 1 else 0 end) = 1

),

-- Whoever knows the first of the two knows the second; a zero among the terms
-- says nothing of the figures beside it.
equalities as (

    select distinct
        known.cell_id as known_cell_id,
        other.cell_id
    from counted
    inner join identity_cells as known on counted.identity_key = known.identity_key
    inner join identity_cells as other on counted.identity_key = other.identity_key
    where
        counted.figure_count < 2
        and (counted.figure_count = 0 or known.amount_yuan <> 0)
        and known.cell_id <> other.cell_id
        and not known.is_disputed
        and not other.is_disputed

),

seeds as (

    select identity_cells.cell_id
    from identity_cells
    inner join counted on identity_cells.identity_key = counted.identity_key
    where
        not identity_cells.is_disputed
        and (counted.figure_count >= 2 or not identity_cells.is_recognised)

),

proven as (

    select cell_id from seeds
    union
    select equalities.cell_id
    from equalities
    inner join proven on equalities.known_cell_id = proven.cell_id

)

select
    recognised.document_id,
    recognised.source_table_id,
    recognised.cell_id,
    proven.cell_id is not null as is_accepted
from recognised
left join proven on recognised.cell_id = proven.cell_id
