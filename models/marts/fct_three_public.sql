with

amounts as (

    select * from {{ ref('int_amount') }} where fact = 'three_public'

),

-- The number of things beside the money, where one number in the table speaks of it; the
-- row of a unit prints its own.
quantities as (

    select
        amounts.cell_id,
        max(resources.quantity) as quantity
    from amounts
    inner join {{ ref('int_resource') }} as resources
        on
            amounts.source_table_id = resources.source_table_id
            and amounts.phase = resources.phase
            and amounts.item = resources.three_public_item
            and resources.row_role in ('code', amounts.row_role)
            and coalesce(resources.unit_key, {{ fold_label('amounts.unit_name') }}) = {{ fold_label('amounts.unit_name') }}
    group by amounts.cell_id
    having count(distinct resources.quantity) = 1

)

select
    {{ fact_columns() }},
    amounts.item,
    cast(quantities.quantity as decimal(20, 4)) as quantity
from amounts
{{ fact_joins() }}
left join quantities on amounts.cell_id = quantities.cell_id
