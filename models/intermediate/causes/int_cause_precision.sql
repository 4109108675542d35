-- Tables in which a single cell prints more decimal places than all others: the bound
-- of every sum of the table is as narrow as that cell makes it. If it is a misprint
-- (7.733 for 77.33) the sums have the places of the others. One row per table, unit
-- and such cell.
with

amounts as (

    select * from {{ ref('int_amount_cell') }}
    where is_number and amount_yuan is not null

),

scales as (

    select
        source_table_id,
        amount_unit,
        factor,
        finest_scale,
        half_unit_yuan,
        count(*) as amount_count,
        count(case when number_scale = finest_scale then 1 end) as finest_count,
        min(case when number_scale = finest_scale then cell_id end) as cell_id,
        max(case when number_scale < finest_scale then number_scale end) as next_scale
    from amounts
    group by source_table_id, amount_unit, factor, finest_scale, half_unit_yuan

)

select
    source_table_id,
    cell_id,
    half_unit_yuan,
    {{ half_unit('next_scale', 'factor') }} - half_unit_yuan as slack_yuan
from scales
where finest_count = 1 and amount_count > 2
