-- Whether a document prints any money carried over into its year. Where it does
-- not, 当年 figures and all figures are the same figures. And whether its balances have
-- lines that no code shares: money carried on, distributed or taken from savings.
with

amounts as (

    select * from {{ ref('int_amount') }}

)

select
    document_id,
    max(case
        when amount_yuan <> 0 and (year_basis = 'carryover' or item = 'carryover_in') then 1
        else 0
    end) = 1 as has_carryover,
    max(case
        when amount_yuan <> 0 and fact = 'balance_item' and coalesce(item, '') <> 'carryover_in' then 1
        else 0
    end) = 1 as has_other_lines
from amounts
group by document_id
