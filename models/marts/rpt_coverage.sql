-- How much of what a document prints is checked by arithmetic.
with

printed as (

    {% for fact in amount_facts() %}
    select cell_id, document_id, statement
    from {{ ref(fact) }}
    -- a row with a code of both economic classifications prints one amount
    {{ 'union' if not loop.last }}
    {% endfor %}

),

coverages as (

    select * from {{ ref('int_cell_coverage') }}

),

documents as (

    select * from {{ ref('dim_document') }}

),

units as (

    select * from {{ ref('dim_unit') }}

),

counted as (

    select
        printed.document_id,
        printed.statement,
        count(*) as amounts,
        count(coverages.cell_id) as amounts_in_identity,
        count(case when coverages.is_crossed then 1 end) as amounts_in_independent_identities
    from printed
    left join coverages on printed.cell_id = coverages.cell_id
    group by printed.document_id, printed.statement

)

select
    counted.document_id,
    documents.unit_id,
    units.unit_name,
    documents.fiscal_year,
    documents.stage,
    counted.statement,
    cast(counted.amounts as integer) as amounts,
    cast(counted.amounts_in_identity as integer) as amounts_in_identity,
    cast(counted.amounts_in_independent_identities as integer) as amounts_in_independent_identities,
    cast(counted.amounts - counted.amounts_in_identity as integer) as amounts_in_no_identity,
    {{ share('counted.amounts_in_identity', 'counted.amounts') }} as share_in_identity,
    {{ share('counted.amounts_in_independent_identities', 'counted.amounts') }}
        as share_in_independent_identities,
    {{ share('counted.amounts - counted.amounts_in_identity', 'counted.amounts') }} as share_in_no_identity
from counted
inner join documents on counted.document_id = documents.document_id
left join units on documents.unit_id = units.unit_id
