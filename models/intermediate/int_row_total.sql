-- The amount of a row in the total column of its pane: the first column that
-- says 合计, otherwise the first amount column. One row per table, row and pane.
with

amounts as (

    select * from {{ ref('int_amount_cell') }} where amount_yuan is not null

),

columns as (

    select * from {{ ref('int_column') }} where column_role = 'amount'

),

total_columns as (

    select
        source_table_id,
        pane_number,
        column_number,
        row_number() over (
            partition by source_table_id, pane_number
            order by case when is_total then 0 else 1 end, column_number
        ) as column_rank
    from columns

)

select
    amounts.source_table_id,
    amounts.pane_number,
    amounts.row_number,
    amounts.amount_yuan,
    amounts.half_unit_yuan
from amounts
inner join total_columns
    on
        amounts.source_table_id = total_columns.source_table_id
        and amounts.column_number = total_columns.column_number
        and total_columns.column_rank = 1
