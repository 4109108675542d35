-- All facts of a document in one hash. Documents of one region, year and stage
-- with the same facts are one set of figures, published twice: as text and PDF, or
-- by a department and its only unit. So are those that print the same facts in 元
-- and in 万元. Zeros say nothing: every office with nothing to report prints the
-- same. One row per document with at least ten other facts.
with

document_facts as (

    select * from {{ ref('int_document_fact') }} where amount_yuan <> 0

),

documents as (

    select * from {{ ref('int_document') }}

),

regions as (

    select * from {{ ref('int_document_region') }} where is_chosen

),

facts as (

    select
        document_id,
        meaning_key,
        row_number() over (partition by document_id, meaning_key order by amount_yuan) as occurrence,
        amount_yuan,
        half_unit_yuan,
        meaning_key || '|' || cast(amount_yuan as {{ dbt.type_string() }}) as fact_text
    from (
        select
            document_id,
            meaning_key,
            amount_yuan,
            max(half_unit_yuan) as half_unit_yuan
        from document_facts
        group by document_id, meaning_key, amount_yuan
    ) as distinct_facts

),

texts as (

    select
        document_id,
        {{ string_aggregate('fact_text', "';'", 'fact_text') }} as all_facts,
        {{ string_aggregate('meaning_key', "';'", 'meaning_key') }} as all_meanings
    from facts
    group by document_id
    having count(*) >= 10

),

digests as (

    select
        texts.document_id,
        md5(texts.all_facts) as fingerprint,
        md5(texts.all_meanings) as meaning_fingerprint,
        coalesce(regions.region_code, '') as region_code,
        documents.fiscal_year,
        documents.stage,
        documents.relative_path
    from texts
    inner join documents on texts.document_id = documents.document_id
    left join regions on texts.document_id = regions.document_id

),

exact as (

    select
        *,
        row_number() over (
            partition by fingerprint, region_code, fiscal_year, stage order by relative_path
        ) as exact_number,
        first_value(document_id) over (
            partition by fingerprint, region_code, fiscal_year, stage order by relative_path
        ) as exact_document_id
    from digests

),

-- 元 beside 万元: the same meanings, each amount the same within its rounding.
candidates as (

    select
        one.document_id,
        other.document_id as other_document_id,
        other.relative_path as other_path
    from exact as one
    inner join exact as other
        on
            one.meaning_fingerprint = other.meaning_fingerprint
            and one.region_code = other.region_code
            and one.fiscal_year is not distinct from other.fiscal_year
            and one.stage = other.stage
            and one.fingerprint <> other.fingerprint
    where one.exact_number = 1 and other.exact_number = 1

),

compared as (

    select
        candidates.document_id,
        candidates.other_document_id,
        candidates.other_path,
        max(case when one.half_unit_yuan > other.half_unit_yuan then 1 else 0 end) as has_coarser,
        max(case when one.half_unit_yuan < other.half_unit_yuan then 1 else 0 end) as has_finer,
        max(case
            when
                abs(one.amount_yuan - other.amount_yuan)
                > case
                    when one.half_unit_yuan = other.half_unit_yuan then 0
                    else one.half_unit_yuan + other.half_unit_yuan
                end
                then 1
            else 0
        end) as has_difference
    from candidates
    inner join facts as one on candidates.document_id = one.document_id
    inner join facts as other
        on
            candidates.other_document_id = other.document_id
            and one.meaning_key = other.meaning_key
            and one.occurrence = other.occurrence
    group by candidates.document_id, candidates.other_document_id, candidates.other_path

),

-- The finer print counts.
rounded as (

    select
        document_id,
        other_document_id as finer_document_id,
        row_number() over (partition by document_id order by other_path) as finer_rank
    from compared
    where has_difference = 0 and has_coarser = 1 and has_finer = 0

)

select
    exact.document_id,
    exact.fingerprint,
    exact.region_code || '/' || coalesce(cast(exact.fiscal_year as {{ dbt.type_string() }}), '')
    || '/' || exact.stage || '/' || exact.meaning_fingerprint as meaning_key,
    exact.exact_number + case when rounded.document_id is null then 0 else 1 end as copy_number,
    coalesce(rounded.finer_document_id, exact.exact_document_id) as first_document_id
from exact
left join rounded
    on
        exact.exact_document_id = rounded.document_id
        and rounded.finer_rank = 1
