-- What the tables say of each figure of running text. One row per figure.
with

figures as (

    select cell_id from {{ ref('int_narrative_figure') }}

),

matches as (

    select
        cell_id,
        min(case when is_equal then 1 else 0 end) as is_equal
    from {{ ref('int_narrative_match') }}
    where rule_id = 'narrative_table'
    group by cell_id

)

select
    figures.cell_id,
    case
        when matches.is_equal = 1 then 'proven'
        when matches.is_equal = 0 then 'disputed'
        else 'unchecked'
    end as proof
from figures
left join matches on figures.cell_id = matches.cell_id
