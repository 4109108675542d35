-- Under which source and year basis an amount is compared with other tables. Where
-- nothing is carried over, in the document or for the code, 当年 figures are all
-- figures; a source that is all the money there is stands for the whole. One row per
-- amount cell that is a fact.
with

amounts as (

    select * from {{ ref('int_amount') }} where fact is not null

),

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

funds as (

    select * from {{ ref('int_document_fund') }}

),

-- Tables that tell per code what is carried over, of all money.
split_tables as (

    select distinct amounts.source_table_id
    from amounts
    left join funds
        on
            amounts.document_id = funds.document_id
            and amounts.fund = funds.fund
            and funds.compared_basis = 'carryover'
    where
        amounts.fact = 'functional'
        and amounts.year_basis = 'carryover'
        and amounts.amount_yuan <> 0
        and coalesce(funds.compared_fund, amounts.fund) = 'all'

),

split_codes as (

    select
        amounts.document_id,
        amounts.tree_code,
        max(case when split_tables.source_table_id is not null then 1 else 0 end) as is_split,
        max(case when amounts.year_basis = 'carryover' and amounts.amount_yuan <> 0 then 1 else 0 end)
            as is_carried
    from amounts
    left join split_tables on amounts.source_table_id = split_tables.source_table_id
    where amounts.fact = 'functional' and amounts.row_role = 'code' and amounts.tree_code is not null
    group by amounts.document_id, amounts.tree_code

),

based as (

    select
        amounts.cell_id,
        amounts.document_id,
        amounts.fund,
        case when carryovers.has_carryover then amounts.year_basis else 'all' end as fund_basis,
        case
            when amounts.year_basis <> 'current_year' then amounts.year_basis
            when not carryovers.has_carryover then 'all'
            when
                amounts.fact = 'functional' and amounts.row_role = 'code'
                and split_codes.is_split = 1 and split_codes.is_carried = 0
                then 'all'
            else amounts.year_basis
        end as compared_basis
    from amounts
    inner join carryovers on amounts.document_id = carryovers.document_id
    left join split_codes
        on
            amounts.document_id = split_codes.document_id
            and amounts.tree_code = split_codes.tree_code

)

select
    based.cell_id,
    based.compared_basis,
    coalesce(funds.compared_fund, based.fund) as compared_fund
from based
left join funds
    on
        based.document_id = funds.document_id
        and based.fund = funds.fund
        and based.fund_basis = funds.compared_basis
