-- 文字中的占比等于部分除以整体（比例按末位的区间比较，整体为零时不比较）。
-- A share in the text is the part over the whole, within the last printed place of the
-- percentage. Of a whole of nothing there is no share.
with

figures as (

    select * from {{ ref('int_narrative_operand') }}

),

triples as (

    select
        shares.cell_id as percent_cell_id,
        parts.cell_id as part_cell_id,
        coalesce(shares.whole_cell_id, parts.whole_cell_id) as base_cell_id
    from figures as shares
    inner join figures as parts on shares.owner_cell_id = parts.cell_id
    where shares.meaning = 'share' and parts.meaning = 'amount'

),

{{ percentage_of_base('narrative_share') }}
