-- 文字中的占比等于部分除以整体（比例按末位的区间比较，整体为零时不比较）。
-- A share in the text is the part over the whole, within the last printed place of the
-- percentage. Of a whole of nothing there is no share.
with

figures as (

    select * from {{ ref('int_narrative_operand') }}

),

-- The words right before the percentage: 占本年支出合计的99.86%, 占总支出的40.32%.
shares as (

    select
        shares.cell_id,
        parts.cell_id as part_cell_id,
        shares.document_id,
        shares.figure_number,
        shares.phase,
        coalesce(shares.whole_cell_id, parts.whole_cell_id) as whole_cell_id,
        case
            {{ regex_extract(
                'said.sentence',
                "'占(?:本年|当年|全年)?度?总?(收入|支出)(?:预算)?(?:合计|总计|总额)?的?\\s*' || replace(" ~ trimmed('said.printed_text') ~ ", '.', '\\.')",
                1
            ) }}
            when '收入' then 'revenue'
            when '支出' then 'expenditure'
        end as base_side
    from figures as shares
    inner join figures as parts on shares.owner_cell_id = parts.cell_id
    inner join {{ ref('int_narrative_figure') }} as said on shares.cell_id = said.cell_id
    where shares.meaning = 'share' and parts.meaning = 'amount'

),

-- 占本年支出合计的: the last total of that side, of all money, that the text gave.
named_bases as (

    select
        shares.cell_id,
        totals.cell_id as base_cell_id,
        row_number() over (partition by shares.cell_id order by totals.figure_number desc) as base_rank
    from shares
    inner join figures as totals
        on
            shares.document_id = totals.document_id
            and shares.base_side = totals.subject_code
            and shares.phase = totals.phase
            and totals.figure_number < shares.figure_number
    where
        totals.meaning = 'amount'
        and totals.subject_kind = 'total'
        and coalesce(totals.measure, 'total') = 'total'
        and coalesce(totals.fund, 'all') = 'all'
        and totals.cell_id <> shares.part_cell_id

),

triples as (

    select
        shares.cell_id as percent_cell_id,
        shares.part_cell_id,
        coalesce(shares.whole_cell_id, named_bases.base_cell_id) as base_cell_id
    from shares
    left join named_bases
        on
            shares.cell_id = named_bases.cell_id
            and named_bases.base_rank = 1

),

{{ percentage_of_base('narrative_share') }}
