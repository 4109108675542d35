-- Which printed amount of the tables an amount of running text is held against. Subject and
-- phase must be the same, and so must be every kind, source and year basis that the text
-- says; what it does not say the tables may have in any way. Of several counterparts one
-- must be equal; where none is, the one nearest in meaning counts, never the one nearest in
-- value. What is only akin (财政拨款 and 一般公共预算, 机关运行经费 and 公用经费) supports a
-- text, it never accuses it; nor does anything where the tables print the subject in a cell
-- that could not be read. One row per figure, subject and cell of the counterpart.
with

tables as (

    select * from {{ ref('int_table') }}

),

-- In a file of several units the text below the first one's tables is of the next.
first_others as (

    select
        document_id,
        min(block) as block
    from tables
    where reason_code = 'other_unit'
    group by document_id

),

ends_of_own_text as (

    select
        first_others.document_id,
        coalesce(max(tables.block), -1) as end_block
    from first_others
    left join tables
        on
            first_others.document_id = tables.document_id
            and first_others.block > tables.block
    group by first_others.document_id

),

-- Parts of 总计 are of any year, beside 上年结转 of this one.
lists_with_carryover as (

    select distinct list_key
    from {{ ref('int_narrative_figure') }}
    where year_basis = 'carryover' and list_key is not null

),

figures as (

    select
        figures.document_id,
        figures.cell_id,
        figures.stage,
        figures.amount_yuan,
        figures.half_unit_yuan,
        figures.phase,
        figures.subject_kind,
        figures.subject_code,
        figures.subject_text,
        figures.classification,
        figures.side,
        figures.measure,
        figures.fund,
        case
            when coalesce(figures.year_basis, '') <> 'all' or figures.whole_cell_id is null then figures.year_basis
            when lists_with_carryover.list_key is not null then 'current_year'
        end as year_basis,
        coalesce(figures.year_basis, '') = 'all'
        and figures.whole_cell_id is not null
        and lists_with_carryover.list_key is null as is_of_any_year
    from {{ ref('int_narrative_figure') }} as figures
    left join ends_of_own_text on figures.document_id = ends_of_own_text.document_id
    left join lists_with_carryover on figures.list_key = lists_with_carryover.list_key
    where
        figures.is_placed
        and figures.meaning = 'amount'
        and figures.amount_yuan is not null
        and figures.bound is null
        and figures.document_kind in ('budget', 'final_accounts')
        and (ends_of_own_text.end_block is null or figures.block < ends_of_own_text.end_block)

),

counterparts as (

    select * from {{ ref('int_narrative_counterpart') }}

),

funds as (

    select * from {{ ref('int_document_fund') }}

),

fund_order as (

    select fund, sort_order from {{ ref('fund') }}

),

carryovers as (

    select * from {{ ref('int_document_carryover') }}

),

unread as (

    select * from {{ ref('int_narrative_unread') }}

),

-- 收支总计 speaks of revenue and of expenditure; a total of no side may be of either.
sides as (

    {% for side in ['revenue', 'expenditure'] -%}
    select '{{ side }}' as side
    {% if not loop.last %}union all{% endif %}
    {% endfor %}
),

asked as (

    select
        figures.document_id,
        figures.cell_id,
        figures.amount_yuan,
        figures.half_unit_yuan,
        figures.phase,
        figures.fund,
        figures.year_basis,
        figures.is_of_any_year,
        'narrative_table' as rule_id,
        'total' as subject_kind,
        sides.side as subject_code,
        sides.side,
        case when sides.side = 'revenue' then 'total' else coalesce(figures.measure, 'total') end as measure,
        case when coalesce(figures.subject_code, figures.side) is not null then sides.side end as question,
        -- 合计 of no side may be of whatever was listed before it
        coalesce(figures.subject_code, figures.side, figures.measure) is null
        and coalesce(figures.year_basis, 'all') <> 'carryover' as is_vague
    from figures
    inner join sides
        on coalesce(figures.subject_code, figures.side, 'both') in (sides.side, 'both')
    where figures.subject_kind = 'total'

    union all

    -- 实行绩效目标管理的项目 are all projects

    select
        document_id,
        cell_id,
        amount_yuan,
        half_unit_yuan,
        phase,
        fund,
        year_basis,
        is_of_any_year,
        'narrative_target' as rule_id,
        'total' as subject_kind,
        'expenditure' as subject_code,
        'expenditure' as side,
        coalesce(measure, 'project') as measure,
        cast(null as {{ dbt.type_string() }}) as question,
        false as is_vague
    from figures
    where subject_kind = 'performance' and subject_code = 'amount' and stage = 'budget'

    union all

    select
        document_id,
        cell_id,
        amount_yuan,
        half_unit_yuan,
        phase,
        fund,
        year_basis,
        is_of_any_year,
        'narrative_table' as rule_id,
        classification as subject_kind,
        subject_code,
        nullif(side, 'both') as side,
        case
            when classification = 'functional' then coalesce(measure, 'total')
            when {{ prefers_economic('figures') }} then 'basic'
            else measure
        end as measure,
        cast(null as {{ dbt.type_string() }}) as question,
        false as is_vague
    from figures
    where subject_kind = 'code' and classification is not null

    union all

    -- their tables are of one year and of fiscal money, unless they say otherwise
    select
        document_id,
        cell_id,
        amount_yuan,
        half_unit_yuan,
        phase,
        case
            when fund not in ('fiscal_appropriation', 'general_public_budget', 'of_which_fiscal_appropriation')
                then fund
        end as fund,
        cast(null as {{ dbt.type_string() }}) as year_basis,
        false as is_of_any_year,
        'narrative_table' as rule_id,
        subject_kind,
        coalesce(subject_code, subject_kind) as subject_code,
        cast(null as {{ dbt.type_string() }}) as side,
        cast(null as {{ dbt.type_string() }}) as measure,
        cast(null as {{ dbt.type_string() }}) as question,
        false as is_vague
    from figures
    where subject_kind in ('three_public', 'agency_operation')

    union all

    select
        document_id,
        cell_id,
        amount_yuan,
        half_unit_yuan,
        phase,
        fund,
        year_basis,
        is_of_any_year,
        'narrative_table' as rule_id,
        subject_kind,
        case subject_kind when 'project' then {{ fold_label('subject_text') }} else subject_code end as subject_code,
        cast(null as {{ dbt.type_string() }}) as side,
        cast(null as {{ dbt.type_string() }}) as measure,
        cast(null as {{ dbt.type_string() }}) as question,
        false as is_vague
    from figures
    where subject_kind in ('project', 'balance', 'procurement')

),

unread_subjects as (

    select distinct
        asked.cell_id,
        asked.rule_id,
        asked.subject_code
    from asked
    inner join unread
        on
            asked.document_id = unread.document_id
            and asked.subject_kind = unread.subject_kind
            and asked.subject_code = coalesce(unread.subject_code, asked.subject_code)
            and coalesce(asked.measure, unread.measure) = unread.measure

),

answers as (

    select
        document_id,
        counterpart_key,
        subject_kind,
        subject_code,
        side,
        measure,
        fund,
        compared_fund,
        year_basis,
        compared_basis,
        phase,
        stage,
        is_akin,
        min(statement_order) as statement_order,
        min(case row_role when 'grand_total' then 0 when 'total' then 1 else 2 end) as row_order,
        sum(amount_yuan) as amount_yuan,
        sum(half_unit_yuan) as half_unit_yuan,
        count(*) as cell_count
    from counterparts
    group by
        document_id, counterpart_key, subject_kind, subject_code, side, measure, fund, compared_fund,
        year_basis, compared_basis, phase, stage, is_akin

),

compatible as (

    select
        asked.cell_id,
        asked.rule_id,
        asked.question,
        answers.subject_code,
        answers.counterpart_key,
        answers.statement_order,
        answers.row_order,
        answers.cell_count,
        not answers.is_akin
        and not asked.is_vague
        and unread_subjects.cell_id is null
        and not (asked.is_of_any_year and answers.year_basis <> 'all')
        -- of accounts 总计 has in it what is carried over, 合计 of the year has not
        and not (
            coalesce(asked.year_basis, '') = 'all'
            and coalesce(asked.measure, 'total') = 'total'
            and answers.stage = 'final_accounts'
            and answers.row_order = 1
        )
        and (
            -- what names no source is not only of one that few units have
            (asked.fund is null and answers.compared_fund not in ('government_funds', 'state_capital'))
            or asked.fund = answers.fund
            or coalesce(funds.compared_fund, asked.fund) = answers.compared_fund
        ) as is_certain,
        case when asked.side is null and answers.side = 'revenue' then 1 else 0 end as side_rank,
        case
            when asked.measure is null and answers.measure = 'total' then 0
            when asked.measure is null then 1
            else 0
        end as measure_rank,
        case
            when asked.fund is null then fund_order.sort_order
            when asked.fund = answers.fund then 0
            else 1
        end as fund_rank,
        case
            when asked.year_basis is null and answers.year_basis = 'all' then 0
            when asked.year_basis = answers.year_basis then 0
            else 1
        end as basis_rank,
        case
            when asked.amount_yuan = answers.amount_yuan then true
            when answers.cell_count = 1 and asked.half_unit_yuan = answers.half_unit_yuan then false
            else
                abs(asked.amount_yuan - answers.amount_yuan)
                <= asked.half_unit_yuan + answers.half_unit_yuan
        end as is_equal
    from asked
    inner join answers
        on
            asked.document_id = answers.document_id
            and asked.subject_kind = answers.subject_kind
            and asked.subject_code = answers.subject_code
            and asked.phase = answers.phase
    left join unread_subjects
        on
            asked.cell_id = unread_subjects.cell_id
            and asked.rule_id = unread_subjects.rule_id
            and asked.subject_code = unread_subjects.subject_code
    inner join carryovers on asked.document_id = carryovers.document_id
    inner join fund_order on answers.fund = fund_order.fund
    left join funds
        on
            asked.document_id = funds.document_id
            and asked.fund = funds.fund
            and answers.compared_basis = funds.compared_basis
    where
        (asked.side is null or answers.side is null or asked.side = answers.side)
        and (asked.measure is null or asked.measure = answers.measure)
        and (
            asked.fund is null
            or asked.fund = answers.fund
            or coalesce(funds.compared_fund, asked.fund) = answers.compared_fund
            or (
                asked.fund in ('fiscal_appropriation', 'general_public_budget')
                and answers.fund in ('fiscal_appropriation', 'general_public_budget', 'of_which_fiscal_appropriation')
            )
        )
        and (
            (asked.year_basis is null and answers.year_basis <> 'carryover')
            or asked.year_basis = answers.year_basis
            or asked.year_basis = answers.compared_basis
            or (asked.year_basis <> 'carryover' and not carryovers.has_carryover)
            -- 本年支出合计 of accounts is all that was spent, whichever year the money is from
            or (
                asked.year_basis = 'current_year'
                and answers.stage = 'final_accounts'
                and answers.side = 'expenditure'
                and answers.row_order = 1
            )
        )

),

ranked as (

    select
        *,
        row_number() over (
            partition by cell_id, rule_id, question
            order by
                case when is_equal then 0 else 1 end,
                case when is_certain then 0 else 1 end,
                side_rank,
                measure_rank,
                fund_rank,
                basis_rank,
                row_order,
                cell_count,
                statement_order,
                counterpart_key
        ) as match_rank
    from compatible

)

select
    ranked.rule_id,
    ranked.cell_id,
    ranked.subject_code,
    counterparts.cell_id as table_cell_id,
    ranked.is_equal
from ranked
inner join counterparts
    on
        ranked.counterpart_key = counterparts.counterpart_key
        and ranked.subject_code = counterparts.subject_code
where ranked.match_rank = 1 and (ranked.is_equal or ranked.is_certain)
