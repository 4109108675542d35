with

findings as (

    select finding_id from {{ ref('fct_finding') }}

),

cause_cells as (

    select
        {{ short_id('f', 'cause_key') }} as finding_id,
        cell_id,
        cell_role as role,
        place,
        expected_yuan
    from {{ ref('int_cause_cell') }}

),

form_cells as (

    select distinct
        {{ short_id('f', 'cause_key') }} as finding_id,
        cell_id,
        'subject' as role,
        cast(null as integer) as place,
        cast(null as decimal(20, 4)) as expected_yuan
    from {{ ref('int_finding_form') }}
    where cell_id is not null

),

named as (

    select * from cause_cells
    union all
    select * from form_cells

)

select
    named.finding_id,
    named.cell_id,
    named.role,
    named.place,
    named.expected_yuan
from named
inner join findings on named.finding_id = findings.finding_id
