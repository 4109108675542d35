-- Figures of running text as arithmetic uses them: money in 元, a percentage as a
-- number, 持平 as a change of nothing, and one key for all that a figure means. What is
-- said to be 约, 不超过 or ≥ is no exact figure and has no amount here. One row per
-- figure.
with

figures as (

    select * from {{ ref('int_narrative_figure') }}

),

owners as (

    select cell_id, sentence_id, half_unit_yuan from figures

),

valued as (

    select
        figures.*,
        case
            when figures.bound is not null then null
            when figures.meaning = 'change' and figures.direction = 0 then 0
            when figures.meaning in ('amount', 'change') and figures.is_placed then figures.amount_yuan
        end as operand_yuan,
        case
            when figures.meaning = 'change' and figures.direction = 0
                then coalesce(owners.half_unit_yuan, 0)
            -- 0万元 beside 1.08万元 is nothing, not anything below 0.5万元
            when figures.amount_yuan = 0
                then min(figures.half_unit_yuan) over (partition by figures.document_id)
            else figures.half_unit_yuan
        end as operand_half_yuan,
        case
            when figures.meaning in ('growth', 'share', 'completion') and figures.value_unit = '%' and figures.bound is null
                then try_cast(figures.figure_value as decimal(14, 6))
        end as percent_value,
        try_cast(figures.half_unit_value as decimal(14, 8)) as percent_half,
        -- 其中规划服务完成92%: with a subject of its own in a sentence of its own it is
        -- of nothing that is printed
        case
            when
                figures.meaning not in ('growth', 'share', 'completion')
                or figures.subject_text is null
                or figures.sentence_id = owners.sentence_id
                then figures.owner_cell_id
        end as trusted_owner_cell_id
    from figures
    left join owners on figures.owner_cell_id = owners.cell_id

)

select
    document_id,
    cell_id,
    figure_number,
    sentence_id,
    section_path,
    meaning,
    direction,
    is_placed,
    subject_kind,
    subject_code,
    side,
    measure,
    fund,
    year_basis,
    phase,
    case
        when phase in ('prior_budget', 'prior_final') then fiscal_year - 1
        else coalesce(figure_year, fiscal_year)
    end as figure_year,
    comparison_year,
    compared_phase,
    trusted_owner_cell_id as owner_cell_id,
    whole_cell_id,
    list_key,
    is_list_open,
    value_unit,
    cast(operand_yuan as decimal(20, 4)) as amount_yuan,
    cast(operand_half_yuan as decimal(20, 8)) as half_unit_yuan,
    percent_value,
    percent_half,
    document_id || '/' || subject_kind || '/' || coalesce(subject_code, code_path, '')
    || '/' || coalesce(side, '') || '/' || coalesce(measure, 'total') || '/' || coalesce(fund, 'all')
    || '/' || coalesce(year_basis, 'all') as subject_key
from valued
