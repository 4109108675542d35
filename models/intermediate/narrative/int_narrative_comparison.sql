-- What the text compares with an earlier figure: an amount, its change, its rate of
-- growth and the amount compared with, as far as each is printed. The change is the one
-- of the same amount with the same year; the earlier amount the nearest one of the same
-- subject that is of the year or phase compared with. One row per change or growth.
with

figures as (

    select * from {{ ref('int_narrative_operand') }}

),

-- 增加1062.85万元，增长12.08%: the rate may be said of the change.
owned as (

    select
        compared.cell_id,
        compared.document_id,
        compared.meaning,
        compared.figure_number,
        compared.comparison_year,
        compared.compared_phase,
        case owners.meaning when 'change' then owners.owner_cell_id else owners.cell_id end as amount_cell_id,
        case when owners.meaning = 'change' then owners.cell_id end as change_cell_id
    from figures as compared
    inner join figures as owners on compared.owner_cell_id = owners.cell_id
    where
        compared.meaning in ('change', 'growth')
        and owners.meaning in ('amount', 'change')

),

changes as (

    select
        rates.cell_id,
        changed.cell_id as change_cell_id,
        row_number() over (
            partition by rates.cell_id
            order by abs(rates.figure_number - changed.figure_number), changed.figure_number
        ) as change_rank
    from owned as rates
    inner join owned as changed
        on
            rates.amount_cell_id = changed.amount_cell_id
            and coalesce(rates.comparison_year, 0) = coalesce(changed.comparison_year, 0)
            and coalesce(rates.compared_phase, '') = coalesce(changed.compared_phase, '')
    where rates.meaning = 'growth' and changed.meaning = 'change'

),

-- 决算数比年初预算数: another phase of the same year; 比上年: the year before.
earlier as (

    select
        owned.cell_id,
        priors.cell_id as prior_cell_id,
        row_number() over (
            partition by owned.cell_id
            order by
                case when priors.sentence_id = amounts.sentence_id then 0 else 1 end,
                abs(owned.figure_number - priors.figure_number),
                priors.figure_number
        ) as prior_rank
    from owned
    inner join figures as amounts on owned.amount_cell_id = amounts.cell_id
    inner join figures as priors
        on
            amounts.document_id = priors.document_id
            and amounts.subject_key = priors.subject_key
            and amounts.section_path = priors.section_path
            and owned.comparison_year = priors.figure_year
    where
        priors.meaning = 'amount'
        and priors.cell_id <> amounts.cell_id
        and (
            priors.figure_year <> amounts.figure_year
            or (owned.compared_phase = priors.phase and amounts.phase <> priors.phase)
        )

)

select
    owned.cell_id,
    owned.document_id,
    owned.meaning,
    owned.amount_cell_id,
    case owned.meaning
        when 'change' then owned.cell_id
        else coalesce(owned.change_cell_id, changes.change_cell_id)
    end as change_cell_id,
    case when owned.meaning = 'growth' then owned.cell_id end as growth_cell_id,
    earlier.prior_cell_id,
    owned.comparison_year,
    owned.compared_phase
from owned
left join changes on owned.cell_id = changes.cell_id and changes.change_rank = 1
left join earlier on owned.cell_id = earlier.cell_id and earlier.prior_rank = 1
