-- Each identity with its verdict. Every printed value stands for an interval of
-- half a unit to both sides; a sum is consistent with the printed total when
-- their intervals meet. One term of the same precision must be equal. Within
-- the bound but beyond three standard deviations of rounding noise
-- (difference² > 3 · sum of half_unit²) it is suspicious.
with

identity_cells as (

    select * from {{ ref('int_identity_cell') }}

),

rules as (

    select * from {{ ref('rule') }}

),

-- What misses something unread is our gap before it is their error.
gaps as (

    select * from {{ ref('int_identity_gap') }}

),

summed as (

    select
        rule_id,
        identity_key,
        -- an identity between documents belongs to the one whose figure is checked
        coalesce(min(case when term_role = 'total' then document_id end), min(document_id)) as document_id,
        coalesce(min(case when term_role = 'total' then statement end), min(statement)) as statement,
        min(subject_code) as subject_code,
        min(case when term_role = 'total' then measure end) as measure,
        min(case when term_role = 'total' then fund end) as fund,
        min(case when term_role = 'total' then year_basis end) as year_basis,
        min(case when term_role = 'total' then phase end) as phase,
        sum(case when term_role = 'total' then sign * amount_yuan end) as printed_yuan,
        coalesce(sum(case when term_role = 'term' then sign * amount_yuan end), 0) as computed_yuan,
        sum(half_unit_yuan) as half_unit_sum,
        sum(
            cast(half_unit_yuan as decimal(19, 5)) * cast(half_unit_yuan as decimal(19, 5))
        ) as half_unit_square_sum,
        count(case when term_role = 'total' then 1 end) as total_count,
        count(case when term_role = 'term' then 1 end) as term_count,
        count(distinct half_unit_yuan) as precision_count
    from identity_cells
    group by rule_id, identity_key

),

-- Sums beyond what an amount can be (a number that is no amount) are NULL.
fitted as (

    select
        *,
        try_cast(printed_yuan as decimal(20, 4)) as fitting_printed_yuan,
        try_cast(computed_yuan as decimal(20, 4)) as fitting_computed_yuan
    from summed

),

bounded as (

    select
        *,
        try_cast(fitting_printed_yuan - fitting_computed_yuan as decimal(20, 4))
            as difference_yuan,
        case
            when total_count = 1 and term_count = 1 and precision_count = 1 then 0
            else half_unit_sum
        end as bound_yuan
    from fitted

)

select
    {{ short_id('i', 'bounded.identity_key') }} as identity_id,
    bounded.rule_id,
    rules.is_copy,
    bounded.identity_key,
    bounded.document_id,
    bounded.statement,
    bounded.subject_code,
    bounded.measure,
    bounded.fund,
    bounded.year_basis,
    bounded.phase,
    bounded.fitting_printed_yuan as printed_yuan,
    bounded.fitting_computed_yuan as computed_yuan,
    bounded.difference_yuan,
    cast(bounded.bound_yuan as decimal(20, 8)) as bound_yuan,
    bounded.term_count as terms,
    case
        when bounded.difference_yuan is null then 'unchecked'
        when bounded.difference_yuan = 0 then 'exact'
        when
            abs(bounded.difference_yuan) > bounded.bound_yuan
            and gaps.identity_key is not null
            then 'unchecked'
        when abs(bounded.difference_yuan) > bounded.bound_yuan then 'discrepancy'
        when
            try_cast(bounded.difference_yuan as decimal(19, 4))
            * try_cast(bounded.difference_yuan as decimal(19, 4))
            > 3 * bounded.half_unit_square_sum
            then 'suspicious'
        else 'rounding'
    end as verdict,
    case
        when bounded.printed_yuan is null then '合计未填列，无法核对'
        when bounded.difference_yuan is null then '数值超出金额范围，无法核对'
        when
            abs(bounded.difference_yuan) > bounded.bound_yuan
            and gaps.identity_key is not null
            then '同一行或同一列中有未能识别的内容，无法核对'
    end as reason
from bounded
inner join rules on bounded.rule_id = rules.rule_id
left join gaps on bounded.identity_key = gaps.identity_key
