-- What performance forms print and no fact takes: amounts without a unit or a known
-- label, indicators that no heading and no order of words places. One row per cell.
with

cells as (

    select * from {{ ref('int_target_cell') }}

),

numbers as (

    select * from {{ ref('int_target_number') }}

),

places as (

    select * from {{ ref('int_target_place') }}

),

forms as (

    select * from {{ ref('int_target_form') }}

),

-- 当年预算 | 约100: words where the amount belongs.
unreadable as (

    select
        labels.source_table_id,
        values_beside.cell_id
    from cells as labels
    inner join forms
        on
            labels.source_table_id = forms.source_table_id
            and labels.form_number = forms.form_number
            and not forms.is_list
            and labels.row_number < coalesce(forms.header_row_number, 1000000000)
    inner join cells as values_beside on labels.next_cell_id = values_beside.cell_id
    where
        labels.payer is not null
        and not values_beside.is_label
        and not values_beside.is_number
        and not values_beside.is_blank_amount
        and {{ regex_matches('values_beside.folded_text', "'[0-9]'") }}
        and length(values_beside.folded_text) <= 20

)

select
    source_table_id,
    cell_id,
    'no_label' as gap_kind
from numbers
where (payer is null or phase is null) and not is_explained

union all

select
    source_table_id,
    cell_id,
    'no_unit' as gap_kind
from numbers
where payer is not null and phase is not null and phase <> 'none' and amount_yuan is null

union all

select
    source_table_id,
    cell_id,
    'unreadable' as gap_kind
from unreadable

union all

select
    source_table_id,
    cell_id,
    'no_place' as gap_kind
from places
where role is null
