-- What ties documents to each other: those that share a key may say something of each
-- other (rolled up, published again, of the year before, the same figures), and are
-- worked together. Documents that no chain of keys connects have nothing to do with each
-- other. A key that no document `binds` (a code that begins like others, but is no
-- unit's; a name in a list of units that no document is of) ties nothing. One row per document and key.
with

documents as (

    select * from {{ ref('int_document') }}

),

names as (

    select * from {{ ref('int_unit_name') }}

),

listed_units as (

    select * from {{ ref('int_unit_listed') }}

),

fingerprints as (

    select * from {{ ref('int_document_fingerprint') }}

),

codes as (

    select distinct
        document_id,
        region_code,
        unit_code
    from names
    where region_code is not null and length(unit_code) >= 3

),

keys as (

    -- the same bytes
    select
        document_id,
        'content/' || content_id as link_key,
        true as binds
    from documents

    union all

    select
        document_id,
        'unit/' || unit_id as link_key,
        true as binds
    from names

    union all

    -- 某局本级 belongs to 某局, whatever else either is called
    select
        document_id,
        'name/' || coalesce(region_code, '') || '/' || coalesce(headquarters_of_name, canonical_name) as link_key,
        true as binds
    from names

    union all

    -- A document that lists units, or names its department in words, knows them by name.
    select
        document_id,
        'name/' || coalesce(region_code, '') || '/' || listed_name as link_key,
        false as binds
    from listed_units

    union all

    -- A unit's code begins with its department's.
    {% for length in range(3, 16) -%}
    select
        document_id,
        'code/' || region_code || '/' || substr(unit_code, 1, {{ length }}) as link_key,
        length(unit_code) = {{ length }} as binds
    from codes
    where length(unit_code) >= {{ length }}

    union all

    {% endfor -%}
    select
        document_id,
        'figures/' || meaning_key as link_key,
        true as binds
    from fingerprints

)

select
    document_id,
    link_key,
    max(case when binds then 1 else 0 end) = 1 as binds
from keys
group by document_id, link_key
