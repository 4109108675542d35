-- Failing identities of running text, each with the figure that is blamed: of those in
-- it the one whose change mends most and breaks least; of equals the one in most failing
-- and fewest holding identities, what is said once before what is said again, a percentage
-- before an amount. A figure that the text
-- says twice alike belongs to the finding of the first. Where a cell of a table
-- that its own arithmetic blames is in it, the identity supports that cause. One row per
-- failing identity.
with

identities as (

    select * from {{ ref('int_narrative_identity') }} where verdict = 'discrepancy'

),

identity_cells as (

    select * from {{ ref('int_narrative_identity_cell') }}

),

trials as (

    select * from {{ ref('int_narrative_trial') }}

),

ranked as (

    select
        identities.identity_key,
        trials.cell_id,
        row_number() over (
            partition by identities.identity_key
            order by
                trials.mended - trials.broken desc,
                trials.failing_count desc,
                trials.holding_count,
                case when trials.is_repeated then 1 else 0 end,
                case when trials.is_percent then 0 else 1 end,
                trials.figure_number desc
        ) as blame_rank
    from identities
    inner join identity_cells on identities.identity_key = identity_cells.identity_key
    inner join trials on identity_cells.cell_id = trials.cell_id

),

-- What the text says twice alike is wrong twice alike: one finding.
copies as (

    select
        copies.cell_id,
        min(firsts.cell_id) as first_cell_id
    from {{ ref('int_narrative_identity') }} as equal_identities
    inner join identity_cells as copies
        on
            equal_identities.identity_key = copies.identity_key
            and copies.term_role = 'total'
    inner join identity_cells as firsts
        on
            equal_identities.identity_key = firsts.identity_key
            and firsts.term_role = 'term'
    where equal_identities.rule_id = 'narrative_copy' and equal_identities.verdict = 'exact'
    group by copies.cell_id

),

blamed as (

    select
        ranked.identity_key,
        ranked.cell_id,
        case
            when copies.first_cell_id in (select firsts.cell_id from ranked as firsts where firsts.blame_rank = 1)
                then copies.first_cell_id
            else ranked.cell_id
        end as first_cell_id
    from ranked
    left join copies on ranked.cell_id = copies.cell_id
    where ranked.blame_rank = 1

),

supported as (

    select
        identity_cells.identity_key,
        min(cause_cells.cause_key) as cause_key
    from identity_cells
    inner join {{ ref('int_cause_cell') }} as cause_cells on identity_cells.cell_id = cause_cells.cell_id
    where cause_cells.cell_role <> 'term' and coalesce(cause_cells.place, 1) = 1
    group by identity_cells.identity_key

)

select
    identities.*,
    -- a formula is one finding by itself
    case
        when identities.rule_id in {{ policy_rules() }} then 'narrative:' || identities.identity_key
        else coalesce(supported.cause_key, 'narrative:' || blamed.first_cell_id)
    end as cause_key,
    case
        when supported.cause_key is null and identities.rule_id not in {{ policy_rules() }}
            then blamed.cell_id
    end as blamed_cell_id
from identities
left join blamed on identities.identity_key = blamed.identity_key
left join supported on identities.identity_key = supported.identity_key
