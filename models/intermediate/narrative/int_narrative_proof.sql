-- What arithmetic says of each figure of running text. `proven`: it equals the tables, or
-- stands in another identity of text that holds, and in none that fails. A figure that
-- equals the tables is not the wrong one of a sentence that contradicts itself. One row per
-- figure.
with

figures as (

    select cell_id from {{ ref('int_narrative_figure') }}

),

identities as (

    select identity_key, rule_id, verdict
    from {{ ref('int_identity') }}
    where is_of_text and verdict <> 'unchecked'

),

judged as (

    select
        cells.cell_id,
        max(case when identities.verdict = 'discrepancy' then 1 else 0 end) as is_failing,
        max(case when identities.verdict <> 'discrepancy' then 1 else 0 end) as is_holding,
        max(case when identities.verdict <> 'discrepancy' and identities.rule_id = 'narrative_table' then 1 else 0 end)
            as is_in_table
    from {{ ref('int_identity_cell') }} as cells
    inner join identities on cells.identity_key = identities.identity_key
    group by cells.cell_id

)

select
    figures.cell_id,
    case
        when judged.is_in_table = 1 then 'proven'
        when judged.is_failing = 1 then 'disputed'
        when judged.is_holding = 1 then 'proven'
        else 'unchecked'
    end as proof
from figures
left join judged on figures.cell_id = judged.cell_id
