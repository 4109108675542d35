-- Every figure of running text with its meaning: the code that a name stands for, money in
-- 元 with the half unit of its last printed place, the phase that words and years make
-- together. What the text does not say stays NULL. One row per figure.
with

figures as (

    select * from {{ ref('stg_figure') }}

),

sentences as (

    select * from {{ ref('stg_sentence') }}

),

documents as (

    select * from {{ ref('int_document') }}

),

codes as (

    select * from {{ ref('int_narrative_code') }}

),

units as (

    select * from {{ ref('amount_unit') }}

),

categories as (

    select * from {{ ref('procurement_category') }}

),

joined as (

    select
        figures.*,
        sentences.section_path,
        sentences.section_title,
        sentences.printed_text as sentence,
        documents.document_kind,
        documents.stage,
        documents.fiscal_year,
        documents.unit_name,
        documents.unit_code,
        codes.classification,
        codes.resolved_code,
        codes.level,
        codes.is_consistent,
        categories.category,
        units.factor,
        coalesce(figures.phase, case documents.stage when 'final_accounts' then 'final' else 'budget' end)
            as stage_phase
    from figures
    inner join documents on figures.document_id = documents.document_id
    left join sentences on figures.sentence_id = sentences.sentence_id
    left join codes
        on
            figures.document_id = codes.document_id
            and figures.code_path = codes.code_path
            and figures.subject_kind = 'code'
            and {{ prefers_economic('figures') }} = codes.prefers_economic
    left join units on figures.value_unit = units.amount_unit
    left join categories
        on
            figures.subject_kind = 'procurement'
            and {{ fold_label('figures.subject_text') }} = categories.name_zh

),

resolved as (

    select
        *,
        case
            when subject_kind = 'code' then coalesce(resolved_code, subject_code)
            -- 其中货物2.99万元，工程0万元: bare words that mean this beside 政府采购 alone
            when subject_kind = 'procurement' then coalesce(category, subject_code)
            else subject_code
        end as final_subject_code,
        try_cast(figure_value * cast(factor as decimal(9, 0)) as decimal(20, 4)) as amount_yuan,
        case when factor is not null then {{ half_unit('number_scale', 'factor') }} end as half_unit_yuan
    from joined

),

judged as (

    select
        *,
        case
            when not is_placed then coalesce(unplaced_reason, 'not_understood')
            when subject_kind = 'code' and final_subject_code is null then 'unknown_code'
            when figure_value is null or (factor is not null and amount_yuan is null) then 'no_number'
            when meaning in ('change', 'growth') and direction is null then 'no_direction'
            -- 持平 needs no unit
            when meaning in ('amount', 'change') and factor is null and coalesce(direction, 1) <> 0 then 'no_unit'
        end as final_unplaced_reason
    from resolved

)

select
    document_id,
    cell_id,
    figure_number,
    sentence_id,
    section_path,
    section_title,
    sentence,
    block,
    character_start,
    end_block,
    character_end,
    page,
    line,
    printed_text,
    document_kind,
    stage,
    fiscal_year,
    unit_name,
    unit_code,
    meaning,
    direction,
    bound,
    figure_value,
    half_unit_value,
    number_scale,
    value_unit,
    amount_yuan,
    half_unit_yuan,
    subject_text,
    subject_kind,
    final_subject_code as subject_code,
    code_path,
    classification,
    level,
    is_consistent as is_code_consistent,
    side,
    measure,
    fund,
    year_basis,
    phase as said_phase,
    case
        when figure_year is null or fiscal_year is null or figure_year = fiscal_year then stage_phase
        -- what last year left over is this year's money, whatever year is named
        when year_basis = 'carryover' then stage_phase
        when figure_year = fiscal_year - 1
            then case when stage_phase in ('final', 'prior_final') then 'prior_final' else 'prior_budget' end
    end as phase,
    figure_year,
    compared_year,
    compared_phase,
    case
        when meaning not in ('change', 'growth') then null
        when compared_year is not null then compared_year
        when compared_phase in ('prior_budget', 'prior_final') then coalesce(figure_year, fiscal_year) - 1
        when compared_phase is not null then coalesce(figure_year, fiscal_year)
    end as comparison_year,
    as_of,
    owner_cell_id,
    whole_cell_id,
    document_id || '-l' || cast(list_number as {{ dbt.type_string() }}) as list_key,
    is_list_open,
    final_unplaced_reason is null as is_placed,
    final_unplaced_reason as unplaced_reason
from judged
