-- Whether something checks a cell, and whether two things do that have nothing in
-- common. Two identities of a cell are independent when they share no other cell,
-- so that a misprint which breaks both points to this cell alone, and when not both
-- are mere copies (the same figure printed elsewhere). 合计 = 基本支出 + 项目支出
-- and 类 = the sum of its 款 are independent for the 合计 of the 类. Identities that
-- could not be formed check nothing. One row per cell in an identity.
with

identities as (

    select identity_key, is_copy
    from {{ ref('int_identity') }}
    where verdict <> 'unchecked'

),

identity_cells as (

    select distinct
        identities.identity_key,
        identities.is_copy,
        cells.cell_id
    from {{ ref('int_identity_cell') }} as cells
    inner join identities on cells.identity_key = identities.identity_key

),

-- Every two identities that meet in one cell and nowhere else.
crossings as (

    select min(one.cell_id) as cell_id
    from identity_cells as one
    inner join identity_cells as other
        on
            one.cell_id = other.cell_id
            and one.identity_key < other.identity_key
    where not (one.is_copy and other.is_copy)
    group by one.identity_key, other.identity_key
    having count(*) = 1

),

crossed as (

    select distinct cell_id from crossings

)

select
    identity_cells.cell_id,
    count(*) as identity_count,
    max(case when crossed.cell_id is null then 0 else 1 end) = 1 as is_crossed
from identity_cells
left join crossed on identity_cells.cell_id = crossed.cell_id
group by identity_cells.cell_id
