-- What arithmetic says of each figure of running text. `proven`: in an identity of text
-- that holds, and not named by a finding. `disputed`: a finding blames it. One row per
-- figure.
with

figures as (

    select cell_id from {{ ref('int_narrative_figure') }}

),

identities as (

    select identity_key, verdict from {{ ref('int_narrative_identity') }}

),

failures as (

    select distinct blamed_cell_id as cell_id
    from {{ ref('int_narrative_failure') }}
    where blamed_cell_id is not null

),

held as (

    select distinct cells.cell_id
    from {{ ref('int_narrative_identity_cell') }} as cells
    inner join identities on cells.identity_key = identities.identity_key
    where identities.verdict in ('exact', 'rounding', 'suspicious')

)

select
    figures.cell_id,
    case
        when failures.cell_id is not null then 'disputed'
        when held.cell_id is not null then 'proven'
        else 'unchecked'
    end as proof
from figures
left join failures on figures.cell_id = failures.cell_id
left join held on figures.cell_id = held.cell_id
