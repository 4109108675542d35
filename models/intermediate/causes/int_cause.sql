-- One row per cause: of what kind it is, how many failing identities it explains,
-- and how many other changes would explain them as well.
with

failures as (

    select
        cause_key,
        count(*) as identity_count
    from {{ ref('int_failure') }}
    group by cause_key

),

changes as (

    select * from {{ ref('int_cause_change') }}

),

kinds as (

    select
        cause_key,
        min(case when place = 1 then cause_kind end) as cause_kind,
        count(distinct case when place > 1 then candidate_key end) as alternative_count,
        max(case when place > 1 and cause_kind = 'missing_row' then 1 else 0 end) = 1 as may_miss_row
    from changes
    group by cause_key

)

select
    failures.cause_key,
    kinds.cause_kind,
    failures.identity_count,
    kinds.alternative_count,
    kinds.may_miss_row
from failures
inner join kinds on failures.cause_key = kinds.cause_key
