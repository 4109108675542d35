-- Amounts that were recognised in a picture, and whether arithmetic proves them. A
-- recogniser may misread one figure in the same way wherever it is printed, and a
-- wrong last digit hides in the rounding of a long sum: equal figures or rounded
-- sums alone prove nothing. Accepted is what stands in a sum of two or more figures
-- that is exact to the last digit; or in one that holds by rounding, if the figure
-- is also read alike at a second place; or equals one that is accepted, or printed
-- as text. It must be proven as amounts printed as text are, too, and no cause of
-- a failing identity may name it. One row per recognised amount cell.
with recursive

amounts as (

    select
        document_id,
        source_table_id,
        cell_id
    from {{ ref('int_printed_amount') }}

),

cells as (

    select cell_id from {{ ref('stg_cell') }} where is_recognised

),

proofs as (

    select * from {{ ref('int_cell_proof') }}

),

recognised as (

    select amounts.*
    from amounts
    inner join cells on amounts.cell_id = cells.cell_id

),

identities as (

    select
        identity_key,
        verdict,
        is_copy
    from {{ ref('int_identity') }}
    where verdict in ('exact', 'rounding')

),

identity_cells as (

    select
        all_cells.identity_key,
        all_cells.cell_id,
        all_cells.term_role,
        all_cells.amount_yuan,
        identities.verdict,
        identities.is_copy,
        recognised.cell_id is not null as is_recognised
    from {{ ref('int_identity_cell') }} as all_cells
    inner join identities on all_cells.identity_key = identities.identity_key
    inner join proofs on all_cells.cell_id = proofs.cell_id
    left join recognised on all_cells.cell_id = recognised.cell_id
    where proofs.proof <> 'disputed'

),

counted as (

    select
        identity_key,
        count(case when term_role = 'term' and amount_yuan <> 0 then 1 end) as figure_count
    from {{ ref('int_identity_cell') }}
    group by identity_key

),

sums as (

    select identity_cells.*
    from identity_cells
    inner join counted on identity_cells.identity_key = counted.identity_key
    where counted.figure_count > 1 and not identity_cells.is_copy

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
        and known.verdict = 'exact'
        and (known.is_recognised or other.is_recognised)

),

seeds as (

    select cell_id from sums where verdict = 'exact'
    union
    select cell_id from identity_cells where not is_recognised
    union
    select sums.cell_id
    from sums
    inner join equalities on sums.cell_id = equalities.cell_id

),

accepted as (

    {{ closure('accepted', 'cell_id', 'seeds', 'equalities', 'known_cell_id') }}

)

select
    recognised.document_id,
    recognised.source_table_id,
    recognised.cell_id,
    accepted.cell_id is not null and proofs.proof = 'proven' as is_accepted
from recognised
inner join proofs on recognised.cell_id = proofs.cell_id
left join accepted on recognised.cell_id = accepted.cell_id
