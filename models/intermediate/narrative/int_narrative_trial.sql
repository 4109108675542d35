-- What would happen if a figure of text were another: for each figure in a failing
-- identity the amount that mends most and breaks least. Amounts are proposed by the
-- failing identities that add them; a percentage stands in its own identity alone, so
-- that another one would mend it. A cell of a table is never tried: the text is a
-- witness. One row per figure in a failing identity.
with

identities as (

    select *
    from {{ ref('int_narrative_identity') }}
    where verdict <> 'unchecked' and rule_id not in {{ policy_rules() }}

),

identity_cells as (

    select * from {{ ref('int_narrative_identity_cell') }}

),

operands as (

    select * from {{ ref('int_narrative_operand') }}

),

-- The table's own arithmetic has the first word.
settled as (

    select distinct identity_cells.identity_key
    from identity_cells
    inner join {{ ref('int_cause_cell') }} as cause_cells on identity_cells.cell_id = cause_cells.cell_id
    where cause_cells.cell_role <> 'term' and coalesce(cause_cells.place, 1) = 1

),

open_identities as (

    select
        identities.identity_key,
        identities.rule_id,
        identities.verdict = 'discrepancy' as is_failing,
        identities.difference_yuan,
        identities.printed_yuan,
        identities.computed_yuan,
        identities.bound_yuan
    from identities
    left join settled on identities.identity_key = settled.identity_key
    where identities.verdict <> 'discrepancy' or settled.identity_key is null

),

percents as (

    select
        identity_cells.identity_key,
        max(abs(operands.percent_value)) as percent_value,
        min(operands.owner_cell_id) as owner_cell_id
    from identity_cells
    inner join operands on identity_cells.cell_id = operands.cell_id
    where operands.percent_value is not null
    group by identity_cells.identity_key

),

bases as (

    select
        identity_key,
        max(amount_yuan) as base_yuan
    from identity_cells
    where sign = 0
    group by identity_key

),

-- How much the difference of an identity grows when a figure of it grows by one.
links as (

    select
        open_identities.*,
        identity_cells.cell_id,
        operands.figure_number,
        operands.percent_value is not null as is_percent,
        operands.meaning,
        operands.half_unit_yuan,
        identity_cells.amount_yuan,
        identity_cells.sign,
        percents.percent_value,
        bases.base_yuan,
        cast(
            case identity_cells.term_role when 'total' then identity_cells.sign else -identity_cells.sign end
            + case
                when percents.percent_value is null or open_identities.rule_id = 'narrative_sign' then 0
                when identity_cells.sign = 0 then percents.percent_value * cast(0.01 as decimal(3, 2))
                when open_identities.rule_id = 'narrative_growth' and operands.meaning = 'change'
                    then -percents.percent_value * cast(0.01 as decimal(3, 2))
                -- without a change the earlier amount is the base
                when bases.base_yuan is null and identity_cells.cell_id <> percents.owner_cell_id and operands.meaning = 'amount'
                    then percents.percent_value * cast(0.01 as decimal(3, 2))
                else 0
            end as decimal(18, 8)
        ) as coefficient
    from open_identities
    inner join identity_cells on open_identities.identity_key = identity_cells.identity_key
    inner join operands on identity_cells.cell_id = operands.cell_id
    left join percents on open_identities.identity_key = percents.identity_key
    left join bases on open_identities.identity_key = bases.identity_key

),

-- A number that the text says again elsewhere in the same sense is the less likely slip.
repeated as (

    select
        cell_id,
        count(*) over (
            partition by document_id, meaning, coalesce(amount_yuan, percent_value)
        ) > 1 as is_repeated
    from operands
    where coalesce(amount_yuan, percent_value) is not null

),

failing_cells as (

    select
        cell_id,
        min(figure_number) as figure_number,
        max(case when is_percent then 1 else 0 end) = 1 as is_percent,
        count(distinct case when is_failing then identity_key end) as failing_count,
        -- that the directions agree says nothing of the number
        count(distinct case when not is_failing and rule_id <> 'narrative_sign' then identity_key end)
            as holding_count
    from links
    group by cell_id
    having count(case when is_failing then 1 end) > 0

),

-- What is asked for, in the places that the figure prints.
wishes as (

    select
        *,
        cast(
            {{ round_to_half_unit('amount_yuan - coefficient * difference_yuan', 'half_unit_yuan') }} - amount_yuan
            as decimal(20, 4)
        ) as change_yuan
    from links
    where is_failing and not is_percent and coefficient in (1, -1)

),

proposals as (

    select
        cell_id,
        change_yuan,
        -- what a table prints is worth more than what a sum asks for
        min(case rule_id when 'narrative_table' then 0 else 1 end) as source_order
    from wishes
    where change_yuan <> 0 and (meaning = 'change' or amount_yuan + change_yuan >= 0)
    group by cell_id, change_yuan

),

-- A change that turns its sign turns what a rate says of it.
outcomes as (

    select
        proposals.cell_id,
        proposals.change_yuan,
        proposals.source_order,
        links.identity_key,
        links.is_failing,
        case
            when links.rule_id = 'narrative_sign'
                then (links.printed_yuan < 0) = (links.computed_yuan + links.sign * proposals.change_yuan < 0)
            when links.rule_id = 'narrative_growth' and links.meaning = 'change' and links.sign <> 0
                then abs(
                    {{ percent_of('links.percent_value', 'abs(links.base_yuan - links.amount_yuan - proposals.change_yuan)') }}
                    - abs(links.amount_yuan + proposals.change_yuan)
                ) <= links.bound_yuan
            else abs(
                links.difference_yuan
                + cast(links.coefficient * cast(proposals.change_yuan as decimal(19, 4)) as decimal(28, 6))
            ) <= links.bound_yuan
        end as is_holding
    from proposals
    inner join links on proposals.cell_id = links.cell_id

),

scored as (

    select
        cell_id,
        change_yuan,
        min(source_order) as source_order,
        count(case when is_failing and is_holding then 1 end) as mended,
        count(case when not is_failing and not is_holding then 1 end) as broken
    from outcomes
    group by cell_id, change_yuan

),

best as (

    select
        *,
        row_number() over (
            partition by cell_id
            order by mended - broken desc, source_order, mended desc, abs(change_yuan), change_yuan
        ) as change_rank
    from scored

)

select
    failing_cells.cell_id,
    failing_cells.figure_number,
    failing_cells.is_percent,
    cast(failing_cells.failing_count as integer) as failing_count,
    cast(failing_cells.holding_count as integer) as holding_count,
    best.change_yuan,
    repeated.is_repeated,
    -- Of a percentage another number, or another direction, mends one; so does some other
    -- number of what an identity multiplies, which breaks all else that it stands in.
    cast(
        case when failing_cells.is_percent or best.cell_id is null then 1 else best.mended end as integer
    ) as mended,
    cast(
        case
            when failing_cells.is_percent then 0
            when best.cell_id is null then failing_cells.holding_count
            else best.broken
        end as integer
    ) as broken
from failing_cells
left join best on failing_cells.cell_id = best.cell_id and best.change_rank = 1
inner join repeated on failing_cells.cell_id = repeated.cell_id
