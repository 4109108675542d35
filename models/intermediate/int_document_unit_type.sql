-- Administrative unit, institution, or a department with both, from the codes
-- it spends under: 501/502 against 505, and the functional codes that exist for
-- one kind of unit only. One row per document with facts.
with

code_amounts as (

    select * from {{ ref('int_code_amount') }}
    where row_role = 'code' and amount_yuan <> 0

),

votes as (

    select
        document_id,
        sum(case
            when classification = 'government' and {{ regex_matches('resolved_code', "'^50[12]'") }} then 1
            when classification = 'functional' and resolved_code in ('2080501', '2101101') then 1
            else 0
        end) as administrative_votes,
        sum(case
            when classification = 'government' and {{ regex_matches('resolved_code', "'^505'") }} then 1
            when classification = 'functional' and resolved_code in ('2080502', '2101102') then 1
            else 0
        end) as institution_votes
    from code_amounts
    group by document_id

)

select
    document_id,
    case
        when administrative_votes > 0 and institution_votes > 0 then 'mixed'
        when administrative_votes > 0 then 'administrative'
        when institution_votes > 0 then 'institution'
        else 'unknown'
    end as unit_type
from votes
