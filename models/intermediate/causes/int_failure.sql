-- Failing identities, each with its cause: the first that mends it; one that two
-- causes mend together belongs to the first that moves it. One row per failing
-- identity.
with

identities as (

    select * from {{ ref('int_identity') }} where verdict = 'discrepancy'

),

changes as (

    select * from {{ ref('int_cause_change') }} where place = 1

),

ranked as (

    select
        identity_key,
        cause_key,
        row_number() over (
            partition by identity_key
            order by
                case when mend_rank is null then 1 else 0 end,
                round_number,
                mend_rank,
                cause_key
        ) as cause_rank
    from changes

)

select
    identities.*,
    ranked.cause_key
from identities
inner join ranked on identities.identity_key = ranked.identity_key
where ranked.cause_rank = 1
