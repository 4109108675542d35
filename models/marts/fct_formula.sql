with

formulas as (

    select * from {{ ref('int_formula') }}

),

documents as (

    select * from {{ ref('int_policy_document') }}

),

identities as (

    select * from {{ ref('int_narrative_identity') }} where rule_id in ('text_formula', 'text_total')

)

select
    formulas.formula_id,
    formulas.cell_id,
    formulas.document_id,
    formulas.source_table_id,
    documents.unit_id,
    documents.unit_code,
    documents.unit_name,
    documents.fiscal_year,
    documents.stage,
    formulas.formula_kind,
    formulas.printed_text as expression,
    formulas.result_unit,
    formulas.printed_value,
    formulas.computed_value,
    formulas.difference_value,
    formulas.bound_value,
    cast(formulas.product_count as integer) as products,
    coalesce(identities.verdict, formulas.verdict) as verdict,
    identities.identity_id
from formulas
inner join documents on formulas.document_id = documents.document_id
left join identities
    on
        identities.identity_key in (
            'text_formula:' || formulas.formula_id, 'text_total:' || formulas.formula_id
        )
