-- How a cell moves an identity: its residual grows by the coefficient times what
-- the cell grows by. One row per identity that is searched and cell in it.
with

identities as (

    select identity_key, document_id from {{ ref('int_cause_identity') }}

),

cells as (

    select * from {{ ref('stg_cell') }}

),

-- How many units of its last place a yuan is, by half a unit of it: multiplied, never
-- divided, so that it stays exact.
precisions as (

    {% for exponent in range(-6, 9) %}
    select
        cast({{ '%.8f' | format(0.5 * 10 ** exponent) }} as decimal(20, 8)) as half_unit_yuan,
        cast({{ '%.8f' | format(10 ** -exponent) }} as decimal(16, 8)) as places_per_yuan
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

linked as (

    select
        identity_cells.identity_key,
        identity_cells.cell_id,
        min(identities.document_id) as document_id,
        sum(case identity_cells.term_role when 'total' then identity_cells.sign else -identity_cells.sign end)
            as coefficient,
        min(identity_cells.amount_yuan) as amount_yuan,
        min(identity_cells.half_unit_yuan) as half_unit_yuan
    from {{ ref('int_identity_cell') }} as identity_cells
    -- what another document prints is judged by its own identities
    inner join identities
        on
            identity_cells.identity_key = identities.identity_key
            and identity_cells.document_id = identities.document_id
    group by identity_cells.identity_key, identity_cells.cell_id

)

select
    linked.identity_key,
    linked.cell_id,
    linked.document_id,
    linked.coefficient,
    linked.amount_yuan,
    linked.half_unit_yuan,
    precisions.places_per_yuan,
    cells.source_table_id,
    cells.column_number,
    cells.source_table_id || '/' || cast(cells.row_number as {{ dbt.type_string() }}) as row_key,
    -- whole units in a table that elsewhere prints decimal places
    coalesce(amounts.number_scale < amounts.finest_scale and amounts.number_scale = 0, false) as is_coarse,
    finest.cell_id as finest_cell_id,
    finest.slack_yuan as finest_slack_yuan
from linked
inner join cells on linked.cell_id = cells.cell_id
left join precisions on linked.half_unit_yuan = precisions.half_unit_yuan
left join {{ ref('int_cause_precision') }} as finest
    on
        cells.source_table_id = finest.source_table_id
        and linked.half_unit_yuan = finest.half_unit_yuan
left join {{ ref('int_printed_amount') }} as amounts on linked.cell_id = amounts.cell_id
where linked.coefficient in (1, -1)
