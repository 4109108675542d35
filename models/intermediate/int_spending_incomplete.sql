-- Statements by code from which amounts are missing, because they were recognised in
-- a picture and nothing proves them: their leaves would add up to less than was
-- printed. One row per document, statement and kind of code.
with

recognised as (

    select cell_id from {{ ref('int_recognised_amount') }} where not is_accepted

),

amounts as (

    select * from {{ ref('int_amount') }}
    where fact in ('functional', 'economic') and row_role = 'code'

)

select distinct
    amounts.document_id,
    amounts.statement,
    amounts.fact
from amounts
inner join recognised on amounts.cell_id = recognised.cell_id
