-- The nearest code above each printed code that the same table, or the table it
-- goes on with, prints too: some
-- tables skip the section level, some print no subtotals at all. One row per
-- table, slot, unit and code.
with

code_amounts as (

    select * from {{ ref('int_code_amount') }}
    where row_role = 'code' and tree_code is not null

),

printed as (

    select distinct
        source_table_id,
        {{ first_table('code_amounts') }} as first_table_id,
        slot,
        classification,
        coalesce(unit_row_number, -1) as unit_key,
        tree_code
    from code_amounts

)

select
    printed.source_table_id,
    printed.first_table_id,
    printed.slot,
    printed.classification,
    printed.unit_key,
    printed.tree_code,
    max(above.tree_code) as parent_code
from printed
left join printed as above
    on
        printed.first_table_id = above.first_table_id
        and printed.slot = above.slot
        and printed.classification = above.classification
        and printed.unit_key = above.unit_key
        and length(above.tree_code) < length(printed.tree_code)
        and printed.tree_code like above.tree_code || '%'
group by
    printed.source_table_id,
    printed.first_table_id,
    printed.slot,
    printed.classification,
    printed.unit_key,
    printed.tree_code
