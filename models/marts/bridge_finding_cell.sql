with

findings as (

    select
        keys.cause_key,
        keys.finding_id
    from {{ ref('int_finding_key') }} as keys
    inner join {{ ref('fct_finding') }} as shown on keys.finding_id = shown.finding_id

),

cause_cells as (

    select
        cause_key,
        cell_id,
        cell_role as role,
        place,
        expected_yuan
    from {{ ref('int_cause_cell') }}

),

text_cells as (

    select
        cause_key,
        cell_id,
        cell_role as role,
        place,
        expected_yuan
    from {{ ref('int_finding_text_cell') }}

),

form_cells as (

    select distinct
        cause_key,
        cell_id,
        'subject' as role,
        cast(null as integer) as place,
        cast(null as decimal(20, 4)) as expected_yuan
    from {{ ref('int_finding_form') }}
    where cell_id is not null

),

formula_cells as (

    select
        cause_key,
        cell_id,
        'suspect' as role,
        1 as place,
        cast(null as decimal(20, 4)) as expected_yuan
    from {{ ref('int_finding_formula') }}

),

named as (

    select * from cause_cells
    union all
    select * from formula_cells
    union all
    select * from text_cells
    union all
    select * from form_cells

)

select
    findings.finding_id,
    named.cell_id,
    named.role,
    named.place,
    named.expected_yuan
from named
inner join findings on named.cause_key = findings.cause_key
