select
    identity_id,
    rule_id,
    document_id,
    statement,
    subject_code,
    measure,
    fund,
    year_basis,
    phase,
    printed_yuan,
    computed_yuan,
    difference_yuan,
    bound_yuan,
    cast(terms as integer) as terms,
    verdict,
    reason
from {{ ref('int_identity') }}
