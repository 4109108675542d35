-- What auditors have accepted, held against the findings of today. It counts while
-- the figures are those that were accepted; with others the finding is `reopened`.
-- One row per finding that was ever accepted.
with

acknowledgements as (

    select
        finding_id,
        figures_fingerprint,
        reason,
        reference,
        -- spreadsheets save 2026/3/1
        cast(replace(acknowledged_on, '/', '-') as date) as acknowledged_on
    from {{ ref('acknowledged_findings') }}

),

finding_keys as (

    select * from {{ ref('int_finding_key') }}

),

compared as (

    select
        acknowledgements.*,
        case
            when finding_keys.finding_id is null then 'unmatched'
            when finding_keys.figures_fingerprint = acknowledgements.figures_fingerprint then 'acknowledged'
            else 'reopened'
        end as acknowledgement,
        row_number() over (
            partition by acknowledgements.finding_id
            order by
                case when finding_keys.figures_fingerprint = acknowledgements.figures_fingerprint then 0 else 1 end,
                acknowledgements.acknowledged_on desc,
                acknowledgements.figures_fingerprint
        ) as preference
    from acknowledgements
    left join finding_keys on acknowledgements.finding_id = finding_keys.finding_id

)

select
    finding_id,
    acknowledgement,
    reason,
    reference,
    acknowledged_on
from compared
where preference = 1
