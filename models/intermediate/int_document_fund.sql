-- Which sources of money are the same money in a document: 一般公共预算 is all of 财政拨款,
-- and all money, where totals of both are equal and no other source has any money.
-- One row per document, year basis and source that equals a wider one, with the
-- widest. A total that is another's thousand or ten thousand fold is the same money in
-- another unit: were it not, the slip would hide what it breaks.
with

units as (

    select cast(1 as decimal(5, 0)) as factor
    union all
    select cast(1000 as decimal(5, 0)) as factor
    union all
    select cast(10000 as decimal(5, 0)) as factor

),

amounts as (

    select
        every_amount.document_id,
        every_amount.fund,
        every_amount.phase,
        every_amount.amount_yuan,
        every_amount.half_unit_yuan,
        case when carryovers.has_carryover then every_amount.year_basis else 'all' end
            as compared_basis,
        case
            when every_amount.side = 'revenue' and every_amount.item <> 'carryover_in' then 1
            else 0
        end as is_other_line,
        case
            when every_amount.measure <> 'total' then 0
            when every_amount.fact not in ('functional', 'revenue', 'balance_item') then 0
            when every_amount.row_role in ('total', 'grand_total') then 1
            when every_amount.label_kind = 'revenue_source' then 1
            when every_amount.item = 'carryover_in' then 1
            else 0
        end as is_whole
    from {{ ref('int_amount') }} as every_amount
    inner join {{ ref('int_document_carryover') }} as carryovers
        on every_amount.document_id = carryovers.document_id
    where
        every_amount.fact in ('functional', 'economic', 'revenue', 'balance_item', 'project')
        and every_amount.phase in ('budget', 'adjusted_budget', 'final')
        and every_amount.amount_yuan <> 0

),

ancestors as (

    select * from {{ ref('int_fund_ancestor') }}

),

funds as (

    select
        document_id,
        fund,
        max(is_other_line) as is_other_line
    from amounts
    group by document_id, fund

),

wholes as (

    select distinct
        document_id,
        fund,
        compared_basis,
        phase,
        amount_yuan,
        half_unit_yuan
    from amounts
    where is_whole = 1

),

equal as (

    select distinct
        parts.document_id,
        parts.compared_basis,
        parts.fund,
        ancestors.ancestor
    from wholes as parts
    inner join ancestors on parts.fund = ancestors.fund
    inner join wholes
        on
            parts.document_id = wholes.document_id
            and parts.compared_basis = wholes.compared_basis
            and parts.phase = wholes.phase
            and ancestors.ancestor = wholes.fund
    inner join units
        on
            abs(parts.amount_yuan * units.factor - wholes.amount_yuan)
            <= parts.half_unit_yuan * units.factor + wholes.half_unit_yuan
            or abs(parts.amount_yuan - wholes.amount_yuan * units.factor)
            <= parts.half_unit_yuan + wholes.half_unit_yuan * units.factor

),

-- A source beside the part, inside the whole: neither within the part nor around it.
beside as (

    select distinct
        equal.document_id,
        equal.fund,
        equal.ancestor
    from equal
    inner join funds on equal.document_id = funds.document_id
    left join ancestors as within_whole
        on funds.fund = within_whole.fund and equal.ancestor = within_whole.ancestor
    left join ancestors as within_part
        on funds.fund = within_part.fund and equal.fund = within_part.ancestor
    left join ancestors as around_part
        on equal.fund = around_part.fund and funds.fund = around_part.ancestor
    where
        (funds.fund = equal.ancestor and funds.is_other_line = 1)
        or (
            within_whole.fund is not null
            and funds.fund <> equal.fund
            and within_part.fund is null
            and around_part.fund is null
        )

),

widest as (

    select
        equal.document_id,
        equal.compared_basis,
        equal.fund,
        equal.ancestor,
        row_number() over (
            partition by equal.document_id, equal.compared_basis, equal.fund
            order by coalesce(depths.depth, 0), equal.ancestor
        ) as width_rank
    from equal
    left join beside
        on
            equal.document_id = beside.document_id
            and equal.fund = beside.fund
            and equal.ancestor = beside.ancestor
    left join (
        select fund, count(*) as depth
        from {{ ref('int_fund_ancestor') }}
        group by fund
    ) as depths on equal.ancestor = depths.fund
    where beside.fund is null

)

select
    document_id,
    compared_basis,
    fund,
    ancestor as compared_fund
from widest
where width_rank = 1
