-- How well each competing reading of a header agrees with the rows below it:
-- rows that satisfy a linear form minus twice those that violate it. For this
-- choice every number counts with its own printed place (see ADR 3).
with

tables as (

    select * from {{ ref('stg_table') }} where reading_count > 1

),

forms as (

    select * from {{ ref('stg_column_form') }}

),

cells as (

    select * from {{ ref('stg_cell') }} where is_number and number_value is not null

),

data_rows as (

    select * from {{ ref('stg_table_row') }} where row_kind in ('data', 'header_total')

),

terms as (

    select
        tables.source_table_id,
        forms.reading_number,
        forms.form_number,
        cells.row_number,
        sum(case when forms.term_role = 'total' then cells.number_value else -cells.number_value end)
            as difference,
        sum({{ half_unit('cells.number_scale', '1') }}) as bound
    from tables
    inner join forms on tables.source_table_id = forms.source_table_id
    inner join cells
        on
            forms.source_table_id = cells.source_table_id
            and forms.column_number = cells.column_number
    inner join data_rows
        on
            cells.source_table_id = data_rows.source_table_id
            and cells.row_number = data_rows.row_number
    group by
        tables.source_table_id, forms.reading_number, forms.form_number, cells.row_number

)

select
    source_table_id,
    reading_number,
    sum(case when abs(difference) <= bound then 1 else -2 end) as score,
    sum(case when abs(difference) <= bound then 1 else 0 end) as satisfied_count,
    sum(case when abs(difference) > bound then 1 else 0 end) as violated_count
from terms
group by source_table_id, reading_number
