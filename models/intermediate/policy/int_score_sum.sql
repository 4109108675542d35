-- Sums of scoring tables: the scores of a dimension against its weight, the sub-scores of
-- an item against its score, the weights (or scores) of the table against 100. One row
-- per sum.
with

scores as (

    select *
    from {{ ref('int_policy_standard') }}
    where standard_kind in ('weight', 'score', 'sub_score') and source_table_id is not null

),

dimensions as (

    select
        weights.document_id,
        weights.source_table_id,
        weights.subject as sum_of,
        min(weights.cell_id) as cell_id,
        min(weights.standard_value) as printed_value,
        sum(parts.standard_value) as computed_value
    from scores as weights
    inner join scores as parts
        on
            weights.source_table_id = parts.source_table_id
            and weights.subject = parts.printed_condition
    where weights.standard_kind = 'weight' and parts.standard_kind = 'score'
    group by weights.document_id, weights.source_table_id, weights.subject
    having count(distinct weights.standard_id) = 1

),

items as (

    select
        wholes.document_id,
        wholes.source_table_id,
        wholes.subject as sum_of,
        min(wholes.cell_id) as cell_id,
        min(wholes.standard_value) as printed_value,
        sum(parts.standard_value) as computed_value
    from scores as wholes
    inner join scores as parts
        on
            wholes.source_table_id = parts.source_table_id
            and wholes.subject = parts.subject
            and coalesce(wholes.printed_condition, '') = coalesce(parts.printed_condition, '')
    where wholes.standard_kind = 'score' and parts.standard_kind = 'sub_score'
    group by wholes.document_id, wholes.source_table_id, wholes.subject, wholes.printed_condition
    having count(distinct wholes.standard_id) = 1

),

-- A table of one dimension may be part of a form that goes on elsewhere.
tables as (

    select
        document_id,
        source_table_id,
        '全表' as sum_of,
        cast(null as {{ dbt.type_string() }}) as cell_id,
        cast(100 as decimal(20, 4)) as printed_value,
        sum(standard_value) as computed_value
    from scores
    where standard_kind = 'weight'
    group by document_id, source_table_id
    having count(*) >= 2

)

select
    'dimension' as sum_kind,
    *
from dimensions
union all
select
    'item' as sum_kind,
    *
from items
union all
select
    'table' as sum_kind,
    *
from tables
