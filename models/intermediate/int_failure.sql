-- Failing identities gathered by their cause: those of one rule about one code,
-- wherever they stand, those that share a cell and differ by the same amount, and
-- those of the totals of one row that drops its cents. Labels are passed on until they rest (three rounds reach every chain
-- that one misprint makes). One row per failing identity.
with

identities as (

    select * from {{ ref('int_identity') }} where verdict = 'discrepancy'

),

identity_cells as (

    select distinct identity_key, cell_id from {{ ref('int_identity_cell') }}

),

amounts as (

    select * from {{ ref('int_amount') }}

),

-- 合计 1,500,050 above 1,200,050.37: every column of the row is off by its cents.
coarse_rows as (

    select
        totals.identity_key,
        min(amounts.source_table_id || '/' || cast(amounts.row_number as {{ dbt.type_string() }})) as row_key
    from {{ ref('int_identity_cell') }} as totals
    inner join amounts on totals.cell_id = amounts.cell_id
    where totals.term_role = 'total' and amounts.number_scale = 0 and amounts.finest_scale > 0
    group by totals.identity_key

),

nodes as (

    select
        identities.identity_key,
        coalesce(identities.rule_id || '/' || coarse_rows.row_key, identities.identity_key) as row_key,
        identities.document_id || '/' || identities.rule_id || '/' || identities.subject_code
        -- totals of different tables have nothing but the word in common
        || case
            when identities.subject_code in ('total', 'grand_total', 'unit', 'code')
                then '/' || cast(abs(identities.difference_yuan) as {{ dbt.type_string() }})
            else ''
        end as subject_key,
        identity_cells.cell_id || '/' || cast(abs(identities.difference_yuan) as {{ dbt.type_string() }})
            as cell_key
    from identities
    inner join identity_cells on identities.identity_key = identity_cells.identity_key
    left join coarse_rows on identities.identity_key = coarse_rows.identity_key

),

round_0 as (

    select *, identity_key as label from nodes

),

{% for number in range(1, 4) %}
subject_{{ number }} as (

    select
        identity_key,
        subject_key,
        row_key,
        cell_key,
        min(label) over (partition by subject_key) as label
    from round_{{ number - 1 }}

),

cell_{{ number }} as (

    select
        identity_key,
        subject_key,
        row_key,
        cell_key,
        min(label) over (partition by cell_key) as label
    from subject_{{ number }}

),

coarse_{{ number }} as (

    select
        identity_key,
        subject_key,
        row_key,
        cell_key,
        min(label) over (partition by row_key) as label
    from cell_{{ number }}

),

round_{{ number }} as (

    select
        identity_key,
        subject_key,
        row_key,
        cell_key,
        min(label) over (partition by identity_key) as label
    from coarse_{{ number }}

),
{% endfor %}

labelled as (

    select
        identity_key,
        min(label) as cause_key
    from round_3
    group by identity_key

)

select
    identities.*,
    labelled.cause_key
from identities
inner join labelled on identities.identity_key = labelled.identity_key
