-- What an identity is about, where that is no code: a kind of expenditure, a source of
-- money, a line of a balance, an item of 三公, a kind of procurement. One row each; no
-- whole (合计), which the statement names better.
with

names as (

    select measure as subject_code, name_zh, 1 as name_rank from {{ ref('measure') }}
    union all
    select fund as subject_code, name_zh, 2 as name_rank from {{ ref('fund') }}
    union all
    select item as subject_code, name_zh, 3 as name_rank from {{ ref('balance_item') }}
    union all
    select item as subject_code, name_zh, 4 as name_rank from {{ ref('three_public_item') }}
    union all
    select category as subject_code, name_zh, 5 as name_rank from {{ ref('procurement_category') }}

),

ranked as (

    select
        *,
        row_number() over (partition by subject_code order by name_rank) as subject_rank
    from names

)

select subject_code, name_zh
from ranked
where subject_rank = 1 and subject_code <> 'total'
