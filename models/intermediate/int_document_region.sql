-- The county (or development zone, or else prefecture) that a document names:
-- the region whose own name, prefecture and province stand in the unit's name,
-- the title or the file name. A name that several counties share counts only
-- with its prefecture or province. One row per document with a region.
with

documents as (

    select
        document_id,
        {{ fold_label("coalesce(unit_name, '') || ' ' || coalesce(title, '') || ' ' || coalesce(file_name, '')") }}
            as region_text
    from {{ ref('int_document') }}
    where reason_code is null or reason_code = 'duplicate'

),

regions as (

    select * from {{ ref('region') }} where level in ('county', 'prefecture')

),

zones as (

    select * from {{ ref('development_zone') }}

),

named as (

    select
        region_code,
        level,
        province,
        prefecture,
        name,
        count(*) over (partition by name) as name_count
    from regions

    union all

    select
        region_code,
        'zone' as level,
        province,
        prefecture,
        name,
        1 as name_count
    from zones

    union all

    select
        region_code,
        'zone' as level,
        province,
        prefecture,
        trim(alias) as name,
        1 as name_count
    from (
        select
            region_code, province, prefecture,
            {{ split_rows("aliases", "';'") }} as alias
        from zones
        where aliases is not null
    ) as zone_aliases

),

matches as (

    select
        documents.document_id,
        named.region_code,
        case named.level when 'zone' then 8 when 'county' then 4 else 1 end
        + case when documents.region_text like '%' || named.prefecture || '%' then 2 else 0 end
        + case when documents.region_text like '%' || named.province || '%' then 1 else 0 end
            as score,
        length(named.name) as name_length
    from documents
    inner join named
        on documents.region_text like '%' || named.name || '%'
    where
        (named.name_count = 1 and length(named.name) > 2)
        or documents.region_text like '%' || named.prefecture || '%'
        or documents.region_text like '%' || named.province || '%'

),

ranked as (

    select
        *,
        row_number() over (
            partition by document_id order by score desc, name_length desc, region_code
        ) as match_rank,
        count(*) over (partition by document_id, score, name_length) as tie_count
    from matches

)

select
    document_id,
    region_code
from ranked
where match_rank = 1 and tie_count = 1
